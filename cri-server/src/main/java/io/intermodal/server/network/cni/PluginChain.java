package io.intermodal.server.network.cni;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Runs the operations of a network over its chain of plugins.
 *
 * <p>ADD, CHECK, STATUS and GC go from the first plugin to the last, DEL from the last to the
 * first. Each plugin gets its own part of the configuration with the network's name and version,
 * the result so far ({@code prevResult}) and what it wants to know about the pod ({@code
 * runtimeConfig}). An operation's time is for the whole chain.
 */
public final class PluginChain {
  private final NetworkConfig network;
  private final PluginDirectories plugins;
  private final PluginTimes times;

  public PluginChain(NetworkConfig network, PluginDirectories plugins) {
    this(network, plugins, PluginTimes.NONE);
  }

  /**
   * @param times is told of each plugin that is run
   */
  public PluginChain(NetworkConfig network, PluginDirectories plugins, PluginTimes times) {
    this.network = network;
    this.plugins = plugins;
    this.times = times;
  }

  /** How an ADD ended. */
  public sealed interface Added {
    /**
     * Every plugin did its part.
     *
     * @param result what the last plugin answered
     */
    record Done(JsonObject result) implements Added {}

    /**
     * A plugin did not do its part; the ones after it were not run.
     *
     * @param why the plugin and what it said
     * @param soFar the result of the last plugin that did its part; DEL of the chain wants it
     */
    record Failed(PluginException why, Optional<JsonObject> soFar) implements Added {}
  }

  /** Connects a pod. Nothing is undone on failure: that is for the caller, by {@link #del}. */
  public Added add(PodInterface pod, Duration timeout) {
    long start = System.nanoTime();
    Optional<JsonObject> result = Optional.empty();
    try {
      for (PluginConfig plugin : network.plugins()) {
        JsonObject config = configFor(plugin, pod);
        result.ifPresent(previous -> config.add("prevResult", previous));
        String answer = run(plugin, "ADD", environment("ADD", pod), config, left(timeout, start));
        result = Optional.of(result(plugin, answer));
      }
    } catch (PluginException e) {
      return new Added.Failed(e, result);
    }
    return new Added.Done(result.orElseThrow());
  }

  /**
   * Disconnects a pod. Succeeds for what was never or only partly connected. Ends at the first
   * plugin that fails, as those before it in the chain may still be needed for another try.
   *
   * @param result of ADD, as far as it is known
   */
  public void del(PodInterface pod, Optional<JsonObject> result, Duration timeout)
      throws PluginException {
    long start = System.nanoTime();
    for (PluginConfig plugin : network.plugins().reversed()) {
      JsonObject config = configFor(plugin, pod);
      if (network.version().atLeast(CniVersion.V0_4_0)) {
        result.ifPresent(previous -> config.add("prevResult", previous));
      }
      run(plugin, "DEL", environment("DEL", pod), config, left(timeout, start));
    }
  }

  /**
   * Asks every plugin whether the pod is still connected as its result says. Does nothing where the
   * network's version (before 0.4.0) or file ({@code disableCheck}) has no CHECK.
   *
   * @throws PluginException what is wrong
   */
  public void check(PodInterface pod, JsonObject result, Duration timeout) throws PluginException {
    if (!network.version().atLeast(CniVersion.V0_4_0) || network.disableCheck()) {
      return;
    }
    long start = System.nanoTime();
    for (PluginConfig plugin : network.plugins()) {
      JsonObject config = configFor(plugin, pod);
      config.add("prevResult", result);
      run(plugin, "CHECK", environment("CHECK", pod), config, left(timeout, start));
    }
  }

  /** Whether plugins can be asked for their readiness. */
  public boolean hasStatus() {
    return network.version().atLeast(CniVersion.V1_1_0);
  }

  /**
   * Asks every plugin whether it could serve an ADD now.
   *
   * @throws PluginException which could not, and why
   */
  public void status(Duration timeout) throws PluginException {
    long start = System.nanoTime();
    for (PluginConfig plugin : network.plugins()) {
      run(plugin, "STATUS", environment("STATUS"), bare(plugin), left(timeout, start));
    }
  }

  /** Whether plugins can be told which pods are left. */
  public boolean hasGc() {
    return network.version().atLeast(CniVersion.V1_1_0) && !network.disableGc();
  }

  /**
   * Tells every plugin to free what belongs to none of these pods.
   *
   * @param interfaceName of the pods' interfaces
   */
  public void gc(Set<String> containerIds, String interfaceName, Duration timeout)
      throws PluginException {
    long start = System.nanoTime();
    JsonArray valid = new JsonArray();
    for (String id : containerIds) {
      JsonObject attachment = new JsonObject();
      attachment.addProperty("containerID", id);
      attachment.addProperty("ifname", interfaceName);
      valid.add(attachment);
    }
    for (PluginConfig plugin : network.plugins()) {
      JsonObject config = bare(plugin);
      config.add("cni.dev/valid-attachments", valid);
      run(plugin, "GC", environment("GC"), config, left(timeout, start));
    }
  }

  private String run(
      PluginConfig plugin,
      String command,
      Map<String, String> environment,
      JsonObject config,
      Duration timeout)
      throws PluginException {
    long start = System.nanoTime();
    boolean succeeded = false;
    try {
      String answer = answer(plugin, command, environment, config, timeout);
      succeeded = true;
      return answer;
    } finally {
      times.ran(plugin.type(), command, succeeded, System.nanoTime() - start);
    }
  }

  private String answer(
      PluginConfig plugin,
      String command,
      Map<String, String> environment,
      JsonObject config,
      Duration timeout)
      throws PluginException {
    Path program =
        plugins
            .find(plugin.type())
            .orElseThrow(() ->
                new PluginException(
                    PluginException.Kind.NOT_RUNNABLE,
                    plugin.type(),
                    command,
                    "no such program in " + plugins));
    PluginProcess.Answer answer =
        PluginProcess.run(
            program, environment, config.toString().getBytes(StandardCharsets.UTF_8), timeout);
    if (!answer.succeeded()) {
      throw reported(plugin, command, answer);
    }
    return answer.stdout();
  }

  private JsonObject result(PluginConfig plugin, String answer) throws PluginException {
    try {
      JsonObject result = Json.object(answer);
      if (!result.has("cniVersion")) {
        result.addProperty("cniVersion", network.version().toString());
      }
      return result;
    } catch (MalformedJsonException e) {
      throw new PluginException(
          PluginException.Kind.FAILED, plugin.type(), "ADD", "its answer " + e.getMessage(), e);
    }
  }

  private static PluginException reported(
      PluginConfig plugin, String command, PluginProcess.Answer answer) {
    try {
      JsonObject error = Json.object(answer.stdout());
      JsonElement code = error.get("code");
      boolean numeric = code != null && code.isJsonPrimitive();
      return PluginException.reported(
          plugin.type(),
          command,
          numeric ? code.getAsInt() : answer.exitCode(),
          Json.string(error, "msg").orElse("failed without a message"),
          Json.string(error, "details").orElse(""));
    } catch (MalformedJsonException | NumberFormatException e) {
      String said = answer.stdout();
      String start = said.length() > 1024 ? said.substring(0, 1024) + "…" : said;
      return new PluginException(
          PluginException.Kind.FAILED,
          plugin.type(),
          command,
          "ended with exit code "
              + answer.exitCode()
              + (start.isEmpty() ? " without saying why" : ": " + start),
          e);
    }
  }

  private JsonObject configFor(PluginConfig plugin, PodInterface pod) {
    JsonObject config = bare(plugin);
    JsonObject wanted = new JsonObject();
    for (String capability : plugin.capabilities()) {
      JsonElement value = pod.capabilityArguments().get(capability);
      if (value != null) {
        wanted.add(capability, value);
      }
    }
    if (!wanted.isEmpty()) {
      config.add("runtimeConfig", wanted);
    }
    return config;
  }

  private JsonObject bare(PluginConfig plugin) {
    JsonObject config = plugin.json().deepCopy();
    config.addProperty("name", network.name());
    config.addProperty("cniVersion", network.version().toString());
    return config;
  }

  private Map<String, String> environment(String command) {
    return Map.of("CNI_COMMAND", command, "CNI_PATH", plugins.toString());
  }

  private Map<String, String> environment(String command, PodInterface pod) {
    Map<String, String> environment = new HashMap<>(environment(command));
    environment.put("CNI_CONTAINERID", pod.containerId());
    environment.put("CNI_NETNS", pod.networkNamespace());
    environment.put("CNI_IFNAME", pod.name());
    environment.put("CNI_ARGS", pod.argumentsText());
    return environment;
  }

  private static Duration left(Duration timeout, long start) {
    Duration left = timeout.minusNanos(System.nanoTime() - start);
    return left.isNegative() ? Duration.ZERO : left;
  }
}
