package io.intermodal.rkt.pod;

import java.nio.file.Path;
import java.util.List;

/**
 * The host as pods run on it.
 *
 * @param proc where the kernel tells of processes
 * @param cgroups where hierarchies of cgroups are mounted
 * @param inside the program that runs a command in the namespaces of a process, with the option
 *     before the id of that process
 */
public record PodHost(Path proc, Path cgroups, List<String> inside) {
  public PodHost {
    inside = List.copyOf(inside);
  }

  /** This one. */
  public static final PodHost THIS =
      new PodHost(
          Path.of("/proc"), Path.of("/sys/fs/cgroup"), List.of("nsenter", "-m", "-p", "-u", "-t"));

  Path file(long pid, String name) {
    return proc.resolve(Long.toString(pid)).resolve(name);
  }
}
