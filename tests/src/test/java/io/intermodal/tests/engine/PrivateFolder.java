package io.intermodal.tests.engine;

import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.Command;
import io.intermodal.tests.host.HostProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * A folder of a run, with a short name: the path of a Unix socket has 107 bytes. Its end is the end
 * of all processes that carry its name in their arguments and of all mounts below it.
 */
public record PrivateFolder(Path path) implements AutoCloseable {

  public static PrivateFolder create() {
    try {
      return new PrivateFolder(Files.createTempDirectory(Path.of("/tmp"), "im-e2e-"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends what was left in a folder inside. */
  static void clear(Path folder) {
    List<HostProcess> left = HostProcess.withCommandLine(folder + "/");
    for (HostProcess process : left) {
      ProcessHandle.of(process.pid())
          .filter(handle -> handle.pid() != ProcessHandle.current().pid())
          .ifPresent(ProcessHandle::destroyForcibly);
    }
    Await.until(
        "processes of " + folder + " have ended",
        Duration.ofSeconds(10),
        () -> left.stream().noneMatch(HostProcess::running));
    mountsBelow(folder)
        .forEach(mount -> Command.run(List.of("umount", "--lazy", "--recursive", mount)));
    Command.run(List.of("rm", "-rf", "--one-file-system", folder.toString()));
  }

  private static List<String> mountsBelow(Path folder) {
    return new HostProcess(ProcessHandle.current().pid())
        .mounts().stream()
            .map(line -> line.split(" ", -1)[4])
            .filter(mount -> mount.startsWith(folder + "/"))
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
  }

  @Override
  public void close() {
    if (Boolean.getBoolean("keep")) {
      System.out.println("kept: " + path);
    } else {
      clear(path);
    }
  }
}
