package io.intermodal.docker.session;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kills a process with all that it started: its session, which an OCI runtime makes for each
 * command, and its descendants, which may have left the session.
 */
final class ProcessGroup {
  private static final Logger log = LoggerFactory.getLogger(ProcessGroup.class);
  private static final Path PROC = Path.of("/proc");
  private static final int ROUNDS = 3;
  // Fields of /proc/PID/stat behind the name: state, parent, process group, session.
  private static final int GROUP = 2;
  private static final int SESSION = 3;

  private ProcessGroup() {}

  /**
   * Sends SIGKILL to all of them, again if the first look missed what was started meanwhile.
   *
   * @param leader a process id in this process's PID namespace
   * @param containerId the container that the process must be in
   * @return false when it runs but is not in that container: Docker's process ids are then not
   *     those that are seen here, and nothing was killed
   */
  static boolean kill(long leader, String containerId) {
    if (!isIn(leader, containerId)) {
      return ProcessHandle.of(leader).isEmpty();
    }
    for (int round = 0; round < ROUNDS; round++) {
      Set<Long> members = new HashSet<>(sessionOf(leader));
      ProcessHandle.of(leader)
          .ifPresent(process -> process.descendants().forEach(child -> members.add(child.pid())));
      members.add(leader);
      boolean any = false;
      for (long pid : members) {
        any |= ProcessHandle.of(pid).map(ProcessHandle::destroyForcibly).orElse(false);
      }
      if (!any) {
        return true;
      }
    }
    return true;
  }

  /**
   * Whether the process runs, and in that container: a container's cgroups carry its id, whatever
   * the driver and the version.
   */
  static boolean isIn(long pid, String containerId) {
    try {
      return Files.readString(PROC.resolve(Long.toString(pid)).resolve("cgroup"))
          .contains(containerId);
    } catch (IOException e) {
      // It has ended meanwhile.
      return false;
    }
  }

  private static Set<Long> sessionOf(long leader) {
    Set<Long> members = new HashSet<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        if (belongs(process, leader)) {
          members.add(Long.parseLong(process.getFileName().toString()));
        }
      }
    } catch (IOException e) {
      log.warn("processes of session {} cannot be listed: {}", leader, e.toString());
    }
    return members;
  }

  private static boolean belongs(Path process, long leader) throws IOException {
    try {
      String stat = Files.readString(process.resolve("stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", SESSION + 2);
      return Long.parseLong(fields[GROUP]) == leader || Long.parseLong(fields[SESSION]) == leader;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      // A process that ended while its file was read answers "no such process".
      if (Files.exists(process)) {
        throw e;
      }
      return false;
    }
  }
}
