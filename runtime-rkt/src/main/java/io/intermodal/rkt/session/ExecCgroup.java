package io.intermodal.rkt.session;

import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The cgroups of one command: those of its container, where what it uses is counted and limited,
 * and one of its own in the hierarchy that only tracks processes.
 */
final class ExecCgroup implements AutoCloseable {
  private static final Path ROOT = Path.of("/sys/fs/cgroup");
  private static final String UNIFIED = "unified";
  private static final int KILL_ROUNDS = 50;

  private final Path own;
  private final List<Path> files;

  private ExecCgroup(Path own, List<Path> files) {
    this.own = own;
    this.files = files;
  }

  /**
   * Makes them.
   *
   * @param container the container's cgroup
   * @throws CriException FAILED_PRECONDITION when the container's are gone
   */
  static ExecCgroup in(String container) {
    try {
      List<Path> files = new ArrayList<>();
      Path tracking = ROOT.resolve(container);
      try (var hierarchies = Files.newDirectoryStream(ROOT, Files::isDirectory)) {
        for (Path hierarchy : hierarchies) {
          Path cgroup = hierarchy.resolve(container);
          if (hierarchy.endsWith(UNIFIED)) {
            tracking = cgroup;
          } else if (Files.isDirectory(cgroup)) {
            files.add(cgroup.resolve("cgroup.procs"));
          }
        }
      }
      Path own = tracking.resolve("exec-" + UUID.randomUUID());
      Files.createDirectory(own);
      files.add(own.resolve("cgroup.procs"));
      return new ExecCgroup(own, files);
    } catch (IOException e) {
      throw new CriException(
          Code.FAILED_PRECONDITION, "the container's cgroup is gone: has it ended? " + e, e);
    }
  }

  /** The files that a process writes its id to. */
  List<Path> processFiles() {
    return files;
  }

  /**
   * Kills all that is in the command's own cgroup and in the container, and answers whether it is
   * gone. What has brought the command into the container stays to see its end: a process whose end
   * nobody has seen is still shown there.
   */
  boolean kill() {
    for (int round = 0; round < KILL_ROUNDS; round++) {
      List<Long> pids = processes().stream().filter(ExecCgroup::isInContainer).toList();
      if (pids.isEmpty()) {
        return true;
      }
      pids.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return false;
  }

  /** Whether the process has an id in a PID namespace below the host's. */
  private static boolean isInContainer(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
          .anyMatch(line -> line.startsWith("NSpid:") && line.strip().split("\\s+").length > 2);
    } catch (IOException e) {
      return false;
    }
  }

  private List<Long> processes() {
    List<Long> pids = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(own.resolve("cgroup.procs"))) {
        pids.add(Long.parseLong(line.strip()));
      }
    } catch (IOException e) {
      // It went with its container.
      return List.of();
    }
    return pids;
  }

  /** Takes the command's own cgroup away; one with processes that were left running stays. */
  @Override
  public void close() {
    try {
      Files.deleteIfExists(own);
    } catch (IOException e) {
      // It goes with its container.
    }
  }
}
