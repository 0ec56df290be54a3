package io.intermodal.server.network.cni;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which versions of the specification each plugin speaks (VERSION). A program is asked once, and
 * again when it was replaced.
 */
public final class PluginVersions {
  private static final String COMMAND = "VERSION";

  private final Duration timeout;
  private final Map<Path, Known> known = new ConcurrentHashMap<>();

  private record Known(long modified, long size, Set<String> versions) {}

  /**
   * Knows nothing yet.
   *
   * @param timeout how long one program may take to answer
   */
  public PluginVersions(Duration timeout) {
    this.timeout = timeout;
  }

  public boolean supports(Path program, CniVersion version) throws PluginException {
    return of(program).contains(version.toString());
  }

  /**
   * The versions that the program speaks.
   *
   * @throws PluginException when it cannot be run or does not answer
   */
  public Set<String> of(Path program) throws PluginException {
    long modified;
    long size;
    try {
      modified = Files.getLastModifiedTime(program).toMillis();
      size = Files.size(program);
    } catch (IOException e) {
      throw new PluginException(
          PluginException.Kind.NOT_RUNNABLE,
          String.valueOf(program.getFileName()),
          COMMAND,
          "cannot be read: " + e,
          e);
    }
    Known before = known.get(program);
    if (before != null && before.modified == modified && before.size == size) {
      return before.versions;
    }
    Set<String> versions = ask(program);
    known.put(program, new Known(modified, size, versions));
    return versions;
  }

  private Set<String> ask(Path program) throws PluginException {
    // Early plugins insist on all variables even here.
    Map<String, String> environment =
        Map.of(
            "CNI_COMMAND", COMMAND,
            "CNI_CONTAINERID", "dummy",
            "CNI_NETNS", "dummy",
            "CNI_IFNAME", "dummy",
            "CNI_PATH", "dummy");
    JsonObject stdin = new JsonObject();
    stdin.addProperty("cniVersion", CniVersion.V1_0_0.toString());
    PluginProcess.Answer answer =
        PluginProcess.run(
            program, environment, stdin.toString().getBytes(StandardCharsets.UTF_8), timeout);
    Set<String> versions = new HashSet<>();
    try {
      for (JsonElement version : Json.list(Json.object(answer.stdout()), "supportedVersions")) {
        versions.add(version.getAsString());
      }
    } catch (MalformedJsonException e) {
      if (answer.succeeded()) {
        throw new PluginException(
            PluginException.Kind.FAILED,
            String.valueOf(program.getFileName()),
            COMMAND,
            "its answer " + e.getMessage(),
            e);
      }
    }
    // A plugin that does not know the command is older than the command, 0.2.0.
    return versions.isEmpty() ? Set.of(CniVersion.V0_1_0.toString()) : Set.copyOf(versions);
  }
}
