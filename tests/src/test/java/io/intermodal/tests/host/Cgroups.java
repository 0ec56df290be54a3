package io.intermodal.tests.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The host's cgroup file systems. */
public final class Cgroups {
  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  private Cgroups() {}

  /** Whether the host has cgroup v2 only. */
  public static boolean unified() {
    return Files.exists(ROOT.resolve("cgroup.controllers"));
  }

  /** Where a controller's tree begins. */
  public static Path mountOf(String controller) {
    return unified() ? ROOT : ROOT.resolve(controller);
  }

  /** Content of a file of a cgroup without the line's end. */
  public static String read(Path cgroup, String file) {
    try {
      return Files.readString(cgroup.resolve(file)).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The memory limit in bytes of the process's cgroup. */
  public static long memoryLimit(HostProcess process) {
    Path cgroup = process.cgroup("memory");
    return Long.parseLong(read(cgroup, unified() ? "memory.max" : "memory.limit_in_bytes"));
  }

  /** CPU quota and period in microseconds: {@code 50000 100000}. */
  public static String cpuQuotaAndPeriod(HostProcess process) {
    Path cgroup = process.cgroup("cpu");
    return unified()
        ? read(cgroup, "cpu.max")
        : read(cgroup, "cpu.cfs_quota_us") + " " + read(cgroup, "cpu.cfs_period_us");
  }

  /** The relative CPU weight in the unit of cgroup v1 (2 to 262144), or of v2 (1 to 10000). */
  public static long cpuShares(HostProcess process) {
    Path cgroup = process.cgroup("cpu");
    return Long.parseLong(read(cgroup, unified() ? "cpu.weight" : "cpu.shares"));
  }

  /** CPU time that was used in the cgroup (of the controller {@code cpuacct}), in nanoseconds. */
  public static long cpuNanos(Path cgroup) {
    return unified()
        ? 1000 * value(cgroup, "cpu.stat", "usage_usec")
        : Long.parseLong(read(cgroup, "cpuacct.usage"));
  }

  /** Bytes of memory that are charged to the cgroup, file cache included. */
  public static long memoryUsage(Path cgroup) {
    return Long.parseLong(read(cgroup, unified() ? "memory.current" : "memory.usage_in_bytes"));
  }

  /** Bytes of memory that no file stands behind. */
  public static long anonymousMemory(Path cgroup) {
    return value(cgroup, "memory.stat", unified() ? "anon" : "total_rss");
  }

  /** Bytes of file cache that the kernel would drop first. */
  public static long inactiveFiles(Path cgroup) {
    return value(cgroup, "memory.stat", unified() ? "inactive_file" : "total_inactive_file");
  }

  private static long value(Path cgroup, String file, String key) {
    return read(cgroup, file)
        .lines()
        .filter(line -> line.startsWith(key + " "))
        .mapToLong(line -> Long.parseLong(line.substring(key.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + key + " in " + cgroup.resolve(file)));
  }
}
