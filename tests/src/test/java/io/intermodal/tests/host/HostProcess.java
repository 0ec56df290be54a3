package io.intermodal.tests.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A process as the kernel shows it under {@code /proc}. A container's processes are found by its id
 * in the name of their cgroup, so that no engine has to be asked.
 *
 * @param pid the id in the host's PID namespace
 */
public record HostProcess(long pid) {
  private static final Path PROC = Path.of("/proc");
  private static final int LENGTH_OF_DIGEST = 64;

  /** All processes in a container's cgroups, oldest first: the first one is the container's. */
  public static List<HostProcess> ofContainer(String containerId) {
    List<HostProcess> found = new ArrayList<>();
    for (HostProcess process : all()) {
      if (names(process.read("cgroup"), containerId)) {
        found.add(process);
      }
    }
    return found;
  }

  /** rkt names cgroups after the pod with marks for its hyphens, and the beginning of an id. */
  private static boolean names(String cgroup, String id) {
    return cgroup.contains(id)
        || cgroup.contains(id.replace("-", "\\x2d") + ".scope/payload")
        || (id.length() == LENGTH_OF_DIGEST
            && cgroup.contains("-" + id.substring(0, 8) + ".service")
            && !cgroup.contains("/intermodal-"));
  }

  /** The container's first process. */
  public static HostProcess mainOf(String containerId) {
    return ofContainer(containerId).stream()
        .findFirst()
        .orElseThrow(() -> new AssertionError("no process in a cgroup of " + containerId));
  }

  /** Processes whose command line contains the text. */
  public static List<HostProcess> withCommandLine(String text) {
    return all().stream().filter(process -> process.commandLine().contains(text)).toList();
  }

  private static List<HostProcess> all() {
    try (Stream<Path> entries = Files.list(PROC)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> name.chars().allMatch(Character::isDigit))
          .map(Long::valueOf)
          .sorted()
          .map(HostProcess::new)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Alive and not a zombie. */
  public boolean running() {
    String status = read("status");
    return !status.isEmpty() && !status.contains("State:\tZ");
  }

  /** SIGSTOP: it keeps its sockets and answers nobody. */
  public void pause() {
    Command.output("kill", "-STOP", Long.toString(pid));
  }

  /** SIGCONT. */
  public void resume() {
    Command.output("kill", "-CONT", Long.toString(pid));
  }

  /** SIGKILL. */
  public void kill() {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }

  /** The number of its open files, sockets included. */
  public int openFiles() {
    try (Stream<Path> files = Files.list(PROC.resolve(Long.toString(pid)).resolve("fd"))) {
      return (int) files.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The number of its threads of the kernel's kind. */
  public int threads() {
    return Integer.parseInt(status("Threads"));
  }

  /** Bytes of memory: {@code VmRSS} is what it uses now, {@code VmHWM} the most it ever used. */
  public long memory(String key) {
    return 1024 * Long.parseLong(status(key).replaceFirst(" kB$", ""));
  }

  /** The arguments, joined by spaces. */
  public String commandLine() {
    return read("cmdline").replace('\0', ' ').strip();
  }

  /** The value of a line of {@code /proc/PID/status}: {@code CapEff}. */
  public String status(String key) {
    return read("status")
        .lines()
        .filter(line -> line.startsWith(key + ":"))
        .map(line -> line.substring(key.length() + 1).strip())
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + key + " in the status of " + pid));
  }

  /** The effective capabilities as a bit set. */
  public long effectiveCapabilities() {
    return Long.parseUnsignedLong(status("CapEff"), 16);
  }

  /** What {@code /proc/PID/ns/KIND} points to: {@code net:[4026531840]}. */
  public String namespace(String kind) {
    return link("ns/" + kind);
  }

  /** The working directory, seen from its own root. */
  public String workingDirectory() {
    return link("cwd");
  }

  /** The oom_score_adj of the process. */
  public int oomScoreAdj() {
    return Integer.parseInt(read("oom_score_adj").strip());
  }

  /** The environment, one {@code NAME=value} each. */
  public List<String> environment() {
    return Arrays.stream(read("environ").split("\0", -1)).filter(e -> !e.isEmpty()).toList();
  }

  /** The lines of its mount table. */
  public List<String> mounts() {
    return read("mountinfo").lines().toList();
  }

  /** The folder of the process's cgroup for a controller, on a host with cgroup v1 or v2. */
  public Path cgroup(String controller) {
    return cgroupPath(controller)
        .map(path -> Cgroups.mountOf(controller).resolve(path.substring(1)))
        .orElseThrow(() -> new AssertionError("no cgroup for " + controller + " of " + pid));
  }

  /** The cgroup's path below the controller's mount: {@code /pods/one/ID}. */
  public Optional<String> cgroupPath(String controller) {
    String unified = "0::";
    for (String line : read("cgroup").lines().toList()) {
      List<String> parts = Arrays.asList(line.split(":", 3));
      if (Cgroups.unified()
          ? line.startsWith(unified)
          : Arrays.asList(parts.get(1).split(",", -1)).contains(controller)) {
        return Optional.of(parts.get(2));
      }
    }
    return Optional.empty();
  }

  /** A file of its own root file system. */
  public String readInside(String path) {
    return read("root" + path);
  }

  private String link(String name) {
    try {
      return Files.readSymbolicLink(PROC.resolve(Long.toString(pid)).resolve(name)).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text of a file of the process; empty when the process is gone. */
  private String read(String name) {
    try {
      return new String(
          Files.readAllBytes(PROC.resolve(Long.toString(pid)).resolve(name)),
          StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).contains("No such process")) {
        return "";
      }
      throw new UncheckedIOException(e);
    }
  }
}
