package io.intermodal.server.node;

import io.intermodal.runtime.node.Host;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Finds out what this host is and allows, from {@code /proc} and {@code /sys}.
 *
 * <p>Rules: the unified cgroup hierarchy is in charge when it is mounted at {@code /sys/fs/cgroup}
 * itself (its {@code cgroup.controllers} is there); a hybrid has it one level deeper and keeps the
 * controllers in version 1. Without CAP_SYS_RESOURCE in the effective set a process cannot lower a
 * score below what it was given (proc(5), {@code oom_score_adj}).
 *
 * @param proc where procfs is mounted
 * @param sys where sysfs is mounted
 */
public record HostFacts(Path proc, Path sys) {
  private static final int LOWEST_OOM_SCORE_ADJ = -1000;
  private static final int CAP_SYS_RESOURCE = 24;

  /** The facts about the host that this process runs on. */
  public static HostFacts ofThisHost() {
    return new HostFacts(Path.of("/proc"), Path.of("/sys"));
  }

  /**
   * Reads everything, once.
   *
   * @throws IOException when procfs cannot be read or says something unknown
   */
  public Host find() throws IOException {
    return new Host(cgroups(), lowestOomScoreAdj(), appArmor(), seLinux());
  }

  private Host.Cgroups cgroups() {
    return Files.exists(sys.resolve("fs/cgroup/cgroup.controllers"))
        ? Host.Cgroups.V2
        : Host.Cgroups.V1;
  }

  private int lowestOomScoreAdj() throws IOException {
    if (effectiveCapabilities().testBit(CAP_SYS_RESOURCE)) {
      return LOWEST_OOM_SCORE_ADJ;
    }
    Path file = proc.resolve("self/oom_score_adj");
    String score = Files.readString(file, StandardCharsets.US_ASCII).strip();
    try {
      return Integer.parseInt(score);
    } catch (NumberFormatException e) {
      throw new IOException(file + " holds \"" + score + "\" instead of a number", e);
    }
  }

  private BigInteger effectiveCapabilities() throws IOException {
    Path file = proc.resolve("self/status");
    for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
      if (line.startsWith("CapEff:")) {
        String mask = line.substring("CapEff:".length()).strip();
        try {
          return new BigInteger(mask, 16);
        } catch (NumberFormatException e) {
          throw new IOException(file + " has the capabilities \"" + mask + "\", not in hex", e);
        }
      }
    }
    throw new IOException(file + " has no line CapEff; is procfs mounted at " + proc + "?");
  }

  private boolean appArmor() throws IOException {
    Path enabled = sys.resolve("module/apparmor/parameters/enabled");
    return Files.exists(enabled)
        && Files.readString(enabled, StandardCharsets.US_ASCII).startsWith("Y");
  }

  /** The kernel makes the folder with SELinux in it; only when it is enabled is it filled. */
  private boolean seLinux() {
    return Files.exists(sys.resolve("fs/selinux/enforce"));
  }
}
