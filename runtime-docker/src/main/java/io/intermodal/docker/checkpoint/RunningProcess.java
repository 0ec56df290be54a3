package io.intermodal.docker.checkpoint;

import com.github.dockerjava.api.command.InspectContainerResponse;
import io.intermodal.runtime.CriException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the host has what belongs to a running container.
 *
 * @param spec the file with its OCI specification
 * @param changes the folder with what differs from its image, as overlayfs keeps it
 */
record RunningProcess(Path spec, Path changes) {
  private static final String DRIVER = "overlay2";

  /**
   * Finds it.
   *
   * @throws CriException UNIMPLEMENTED for another storage driver than overlay2,
   *     FAILED_PRECONDITION when it cannot be seen from here
   */
  static RunningProcess of(InspectContainerResponse inspected, String object) {
    Map<?, ?> driver = map(inspected.getRawValues().get("GraphDriver"));
    if (!DRIVER.equals(driver.get("Name"))
        || !(map(driver.get("Data")).get("UpperDir") instanceof String upper)) {
      throw CriException.unimplemented(
          "%s: its changes on Docker's storage driver %s cannot be read; use %s"
              .formatted(object, driver.get("Name"), DRIVER));
    }
    Path changes = Path.of(upper);
    Path spec = spec(inspected);
    if (!Files.isDirectory(changes) || !Files.isRegularFile(spec)) {
      throw CriException.failedPrecondition(
          "%s: %s or %s cannot be seen from here: run this server where dockerd runs"
              .formatted(object, changes, spec));
    }
    return new RunningProcess(spec, changes);
  }

  /** A container's shim is its parent and works in the folder that holds the specification. */
  private static Path spec(InspectContainerResponse inspected) {
    InspectContainerResponse.ContainerState state = inspected.getState();
    Long pid = state == null ? null : state.getPidLong();
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      // After the program's name, which may hold anything: the state, then the parent.
      String parent = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 3)[1];
      Path folder = Files.readSymbolicLink(Path.of("/proc/" + parent + "/cwd"));
      return folder.resolve("config.json");
    } catch (IOException e) {
      return Path.of("/proc/" + pid);
    }
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }
}
