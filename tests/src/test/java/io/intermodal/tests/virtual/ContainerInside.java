package io.intermodal.tests.virtual;

import java.nio.file.Path;

/**
 * A running container as the kernel of its node shows it, found by what Docker says of its first
 * process.
 *
 * @param pid of its first process, in the node
 * @param cgroup its folder, in the node
 */
public record ContainerInside(VirtualNode machine, long pid, Path cgroup) {
  /** Where cgroup v2 is mounted. */
  public static final Path CGROUPS = Path.of("/sys/fs/cgroup");

  static ContainerInside of(VirtualNode machine, String id) {
    long pid = Long.parseLong(machine.output("docker inspect --format '{{.State.Pid}}' " + id));
    // A host with cgroup v2 alone has one line: 0::/path
    String path = machine.output("cat /proc/" + pid + "/cgroup").replaceFirst("^0::/", "");
    return new ContainerInside(machine, pid, CGROUPS.resolve(path));
  }

  /** The AppArmor profile that its first process is under, and the mode: {@code name (enforce)}. */
  public String confinement() {
    return machine.output("cat /proc/" + pid + "/attr/current");
  }

  /** A file of its cgroup. */
  public String read(String file) {
    return machine.output("cat " + cgroup.resolve(file));
  }

  /** The number behind a key in a file of its cgroup: {@code memory.stat}, {@code anon}. */
  public long value(String file, String key) {
    return valueIn(read(file), key);
  }

  /** The number behind a key in the text of such a file. */
  public static long valueIn(String text, String key) {
    return text.lines()
        .filter(line -> line.startsWith(key + " "))
        .mapToLong(line -> Long.parseLong(line.substring(key.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + key + " in " + text));
  }
}
