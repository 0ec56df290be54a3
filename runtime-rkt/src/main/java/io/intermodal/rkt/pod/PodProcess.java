package io.intermodal.rkt.pod;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A running pod: a systemd-nspawn with a systemd in it, which runs each app as a service.
 *
 * @param host where it runs
 * @param supervisor the process id of the nspawn
 * @param init the process id of the systemd, which has the pod's namespaces
 * @param scope the pod's cgroup in every hierarchy that rkt uses, without a leading slash: {@code
 *     machine-rkt\x2d….scope}
 */
public record PodProcess(PodHost host, long supervisor, long init, String scope) {
  private static final String SCOPE_ENDING = ".scope";

  /**
   * Reads what belongs to a pod.
   *
   * @param supervisor as rkt tells it
   * @return empty when it has ended or has not come up yet
   */
  public static Optional<PodProcess> of(PodHost host, long supervisor) {
    Path children = host.file(supervisor, "task/%d/children".formatted(supervisor));
    try {
      String text = Files.readString(children).strip();
      if (text.isEmpty()) {
        return Optional.empty();
      }
      long init = Long.parseLong(text.split(" ", 2)[0]);
      return scopeOf(host, init).map(scope -> new PodProcess(host, supervisor, init, scope));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> scopeOf(PodHost host, long pid) throws IOException {
    Optional<String> fallback = Optional.empty();
    for (String line : Files.readAllLines(host.file(pid, "cgroup"), StandardCharsets.UTF_8)) {
      int end = line.indexOf(SCOPE_ENDING + "/");
      int start = line.indexOf(":/");
      if (end > 0 && start > 0) {
        String scope = line.substring(start + 2, end + SCOPE_ENDING.length());
        if (line.contains(":name=systemd:")) {
          return Optional.of(scope);
        }
        fallback = Optional.of(scope);
      }
    }
    return fallback;
  }

  /** Whether the pod still runs. */
  public boolean alive() {
    return Files.isReadable(file(init, "status"))
        && Files.exists(root().resolve("rkt"), LinkOption.NOFOLLOW_LINKS);
  }

  /** The folder that is the pod's root: stage1, with apps below {@code opt/stage2}. */
  public Path root() {
    return file(init, "root");
  }

  /** Whether rkt has noted that the app's process ended; the note holds its exit code. */
  public boolean notesEndOf(String app) {
    return Files.exists(root().resolve("rkt/status").resolve(app), LinkOption.NOFOLLOW_LINKS);
  }

  /** The folder with the sockets of an app's streams. */
  public Path streamsOf(String app) {
    return root().resolve(AppService.streams(app).substring(1));
  }

  /**
   * The terminal of an app that has one.
   *
   * @throws IOException when it has ended
   */
  public Path terminalOf(String app) throws IOException {
    Path inside = Files.readSymbolicLink(streamsOf(app).resolve("terminal"));
    return root().resolve(inside.toString().substring(1));
  }

  /** The path of the pod's network namespace. */
  public String networkNamespace() {
    return file(init, "ns/net").toString();
  }

  /** The program that an app's service runs; empty when that cannot be read. */
  public Optional<String> programOf(String app) {
    Path unit = root().resolve("usr/lib/systemd/system").resolve(app + ".service");
    try {
      return Files.readAllLines(unit).stream()
          .filter(line -> line.startsWith("ExecStart=\""))
          .map(line -> line.split("\"", -1)[1])
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * The cgroup in which all that the pod uses is counted; empty with version 1, where the time of
   * CPUs is not: rkt makes its cgroup and nobody joins it.
   */
  public Optional<String> ownCgroup() {
    return Optional.of(scope).filter(path -> Files.isDirectory(host.cgroups().resolve(path)));
  }

  /** The app's cgroup in every hierarchy that rkt uses, without a leading slash. */
  public String cgroupOf(String app) {
    return scope + "/payload/system.slice/" + app + ".service";
  }

  /** The limit of the app's memory in bytes, in a cgroup of version 1; empty when it has none. */
  public OptionalLong memoryLimitOf(String app) {
    Path cgroup = host.cgroups().resolve("memory").resolve(cgroupOf(app));
    try {
      return OptionalLong.of(
          Long.parseLong(Files.readString(cgroup.resolve("memory.limit_in_bytes")).strip()));
    } catch (IOException | NumberFormatException e) {
      // It does not run, or its limit is in version 2, where the kernel takes any.
      return OptionalLong.empty();
    }
  }

  /** The app's first process: the one that its systemd started. Empty when it has none. */
  public OptionalLong mainProcessOf(String app) {
    return processesOf(app).stream().mapToLong(pid -> pid).filter(this::isChildOfInit).findFirst();
  }

  private boolean isChildOfInit(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(ProcessHandle::parent)
        .map(parent -> parent.pid() == init)
        .orElse(false);
  }

  /** All processes of an app, those in cgroups below its own too. */
  public Set<Long> processesOf(String app) {
    Set<Long> pids = new LinkedHashSet<>();
    for (String hierarchy : List.of("systemd", "unified", "memory", "")) {
      pids.addAll(processesIn(host.cgroups().resolve(hierarchy).resolve(cgroupOf(app))));
    }
    return pids;
  }

  private static Set<Long> processesIn(Path cgroup) {
    Set<Long> pids = new LinkedHashSet<>();
    try {
      for (String line : Files.readAllLines(cgroup.resolve("cgroup.procs"))) {
        pids.add(Long.parseLong(line.strip()));
      }
      try (var below = Files.newDirectoryStream(cgroup, Files::isDirectory)) {
        below.forEach(child -> pids.addAll(processesIn(child)));
      }
    } catch (IOException | NumberFormatException e) {
      // The cgroup is gone, or was never in this hierarchy.
      return pids;
    }
    return pids;
  }

  /**
   * Writes what the pod's systemd is to add to an app's service, and the service before it if it
   * needs one. It reads that when the app is added.
   *
   * @throws IOException when the pod has ended or does not take it
   */
  public void amend(String app, AppService service) throws IOException {
    Path units = root().resolve("run/systemd/system");
    Path folder = units.resolve(app + ".service.d");
    Files.createDirectories(folder);
    Files.write(folder.resolve("intermodal.conf"), service.additions(app));
    Files.createDirectories(
        Objects.requireNonNull(streamsOf(app).getParent(), "streams have a folder"));
    Files.write(units.resolve(AppService.carrierOf(app)), service.carrier());
  }

  /** Removes what was added for an app that is gone. */
  public void forget(String app) throws IOException {
    Path units = root().resolve("run/systemd/system");
    for (Path left :
        List.of(
            units.resolve(app + ".service.d/intermodal.conf"),
            units.resolve(app + ".service.d"),
            units.resolve(AppService.carrierOf(app)))) {
      Files.deleteIfExists(left);
    }
  }

  /**
   * Kills all processes of an app, those that are started meanwhile too, and lets what systemd runs
   * after its end be.
   */
  public void killAllOf(String app) {
    for (int round = 0; round < 20; round++) {
      List<Long> pids = processesOf(app).stream().filter(pid -> !isOfTheService(pid)).toList();
      if (pids.isEmpty()) {
        return;
      }
      pids.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }
  }

  /** Whether the process sees the pod's root and not an app's. */
  private boolean isOfTheService(long pid) {
    try {
      return Files.isSameFile(file(pid, "root"), root());
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Whether a process that systemd has made for an app has become the app's command already: until
   * then it is systemd's own program.
   */
  public boolean hasBecomeItsCommand(long pid) {
    try {
      return !Files.isSameFile(file(pid, "exe"), file(init, "exe"));
    } catch (IOException e) {
      // It has ended.
      return false;
    }
  }

  /**
   * The folder of what an app wrote over its image, as rkt's own mounts have it; empty when it
   * cannot be seen from here.
   */
  public Optional<Path> writableLayerOf(String app) {
    try {
      Path overlays = Files.readSymbolicLink(file(supervisor, "cwd")).resolve("overlay");
      try (var trees = Files.newDirectoryStream(overlays)) {
        for (Path tree : trees) {
          Path layer = tree.resolve("upper").resolve(app);
          if (Files.isDirectory(layer)) {
            return Optional.of(layer);
          }
        }
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  /** rkt's data directory; empty when it cannot be seen from here. */
  public Optional<Path> dataDirectory() {
    try {
      // The nspawn works in DATA/pods/run/UUID.
      Path pod = Files.readSymbolicLink(file(supervisor, "cwd"));
      return Optional.ofNullable(pod.getParent()).map(Path::getParent).map(Path::getParent);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Path file(long pid, String name) {
    return host.file(pid, name);
  }
}
