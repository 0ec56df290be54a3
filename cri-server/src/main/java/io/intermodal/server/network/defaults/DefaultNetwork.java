package io.intermodal.server.network.defaults;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.intermodal.runtime.CriException;
import io.intermodal.server.network.cni.CniVersion;
import io.intermodal.server.network.cni.NetworkConfig;
import io.intermodal.server.network.cni.PluginDirectories;
import io.intermodal.server.network.cni.PluginException;
import io.intermodal.server.network.cni.PluginVersions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A network for a node that has none: a bridge with addresses from a private range that no route of
 * the host uses, host ports and bandwidth where their plugins are installed.
 */
public final class DefaultNetwork {
  /** The name of the file; other networks' files can sort before it. */
  public static final String FILE = "90-intermodal.conflist";

  /** The name of the network. */
  public static final String NAME = "intermodal";

  /** The bridge that the pods hang on. */
  public static final String BRIDGE = "intermodal0";

  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(5);

  /** Tried from the first on; 10.88.0.0/16 is what others take for theirs. */
  private static final List<CniVersion> VERSIONS =
      List.of(CniVersion.V1_0_0, CniVersion.V0_4_0, CniVersion.V0_3_1);

  private final PluginDirectories plugins;
  private final PluginVersions versions = new PluginVersions(PROBE_TIMEOUT);
  private final HostRoutes routes;

  public DefaultNetwork(PluginDirectories plugins) {
    this(plugins, HostRoutes.ofThisHost());
  }

  DefaultNetwork(PluginDirectories plugins, HostRoutes routes) {
    this.plugins = plugins;
    this.routes = routes;
  }

  /**
   * Writes the network into a folder that has none, which is made if need be.
   *
   * @return the file; empty when the folder has a network's file already, valid or not
   * @throws CriException FAILED_PRECONDITION when a plugin that it needs is not installed or too
   *     old, RESOURCE_EXHAUSTED when every range is in use
   * @throws IOException when the folder cannot be read or written
   */
  public Optional<Path> writeInto(Path folder) throws IOException {
    Files.createDirectories(folder);
    if (!NetworkConfig.filesIn(folder).isEmpty()) {
      return Optional.empty();
    }
    Path file = folder.resolve(FILE);
    Path unfinished = folder.resolve(FILE + ".new");
    byte[] content = (conflist(List.of()) + "\n").getBytes(StandardCharsets.UTF_8);
    try (FileChannel out =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(content);
      while (rest.hasRemaining()) {
        out.write(rest);
      }
      out.force(true);
    }
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    return Optional.of(file);
  }

  /**
   * What is in the file.
   *
   * @param ranges of the pods' addresses: one, or one of each family; empty takes one of IPv4 that
   *     the host has no route for
   * @throws CriException as {@link #writeInto} does
   */
  public String conflist(List<String> ranges) {
    CniVersion version = commonVersion();
    JsonArray chain = new JsonArray();
    chain.add(bridge(ranges.isEmpty() ? List.of(freeRange()) : ranges));
    addIfUsable(chain, version, "portmap", "portMappings");
    // Docker sets the policy of FORWARD to DROP: this plugin lets the pods' packets through.
    addIfUsable(chain, version, "firewall", "");
    addIfUsable(chain, version, "bandwidth", "bandwidth");
    JsonObject network = new JsonObject();
    network.addProperty("cniVersion", version.toString());
    network.addProperty("name", NAME);
    network.add("plugins", chain);
    return new GsonBuilder().setPrettyPrinting().create().toJson(network);
  }

  private static JsonObject bridge(List<String> subnets) {
    JsonArray ranges = new JsonArray();
    JsonArray destinations = new JsonArray();
    for (String subnet : subnets) {
      JsonObject range = new JsonObject();
      range.addProperty("subnet", subnet);
      JsonArray set = new JsonArray();
      set.add(range);
      ranges.add(set);
      JsonObject everywhere = new JsonObject();
      everywhere.addProperty("dst", subnet.contains(":") ? "::/0" : "0.0.0.0/0");
      destinations.add(everywhere);
    }
    JsonObject ipam = new JsonObject();
    ipam.addProperty("type", "host-local");
    ipam.add("ranges", ranges);
    ipam.add("routes", destinations);
    JsonObject bridge = new JsonObject();
    bridge.addProperty("type", "bridge");
    bridge.addProperty("bridge", BRIDGE);
    bridge.addProperty("isGateway", true);
    bridge.addProperty("ipMasq", true);
    bridge.addProperty("hairpinMode", true);
    bridge.add("ipam", ipam);
    return bridge;
  }

  private String freeRange() {
    for (int second = 89; second < 256; second++) {
      if (!routes.overlap(10, second)) {
        return "10." + second + ".0.0/16";
      }
    }
    throw new CriException(
        CriException.Code.RESOURCE_EXHAUSTED,
        "every range from 10.89.0.0/16 to 10.255.0.0/16 has a route on this host:"
            + " write a network's file with a range of your own");
  }

  private CniVersion commonVersion() {
    Set<String> bridge = versionsOf("bridge");
    Set<String> hostLocal = versionsOf("host-local");
    return VERSIONS.stream()
        .filter(v -> bridge.contains(v.toString()) && hostLocal.contains(v.toString()))
        .findFirst()
        .orElseThrow(() ->
            CriException.failedPrecondition(
                "the CNI plugins bridge and host-local in "
                    + plugins
                    + " are too old: they speak none of "
                    + VERSIONS));
  }

  private Set<String> versionsOf(String type) {
    Path program =
        plugins
            .find(type)
            .orElseThrow(() ->
                CriException.failedPrecondition(
                    "the CNI plugin "
                        + type
                        + " is not in "
                        + plugins
                        + ": install it (Debian: containernetworking-plugins)"));
    try {
      return versions.of(program);
    } catch (PluginException e) {
      throw new CriException(
          CriException.Code.FAILED_PRECONDITION, String.valueOf(e.getMessage()), e);
    }
  }

  private void addIfUsable(JsonArray chain, CniVersion version, String type, String capability) {
    if (plugins.find(type).isEmpty() || !versionsOf(type).contains(version.toString())) {
      return;
    }
    JsonObject plugin = new JsonObject();
    plugin.addProperty("type", type);
    if (!capability.isEmpty()) {
      JsonObject capabilities = new JsonObject();
      capabilities.addProperty(capability, true);
      plugin.add("capabilities", capabilities);
    }
    chain.add(plugin);
  }
}
