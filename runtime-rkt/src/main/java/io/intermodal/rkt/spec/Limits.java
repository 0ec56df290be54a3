package io.intermodal.rkt.spec;

import io.intermodal.cri.v1.HugepageLimit;
import io.intermodal.cri.v1.LinuxContainerResources;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.node.Host;
import java.util.ArrayList;
import java.util.List;

/** A container's limits: as flags of a new app, and as properties of a running one's service. */
public final class Limits {
  private static final long USUAL_PERIOD = 100_000;

  private Limits() {}

  /**
   * Looks whether rkt can do it.
   *
   * @throws CriException INVALID_ARGUMENT for what cannot be meant, UNIMPLEMENTED naming what rkt
   *     cannot do
   */
  public static void check(LinuxContainerResources wish) {
    if (wish.getCpuPeriod() < 0 || wish.getCpuShares() < 0 || wish.getCpuQuota() < -1) {
      throw CriException.invalid("cpu_period, cpu_quota or cpu_shares are negative");
    }
    if (!wish.getCpusetCpus().isEmpty() || !wish.getCpusetMems().isEmpty()) {
      throw CriException.unimplemented(
          "cpuset_cpus, cpuset_mems: rkt cannot bind an app to some of the CPUs");
    }
    for (HugepageLimit limit : wish.getHugepageLimitsList()) {
      if (limit.getLimit() != 0) {
        throw CriException.unimplemented(
            "hugepage_limits %s: rkt has none".formatted(limit.getPageSize()));
      }
    }
    if (wish.getUnifiedCount() > 0) {
      throw CriException.unimplemented(
          "unified %s: rkt sets no files of cgroup version 2".formatted(wish.getUnifiedMap()));
    }
    long swap = wish.getMemorySwapLimitInBytes();
    if (swap > 0 && swap < wish.getMemoryLimitInBytes()) {
      throw CriException.invalid(
          "memory_swap_limit_in_bytes: %d is below memory_limit_in_bytes".formatted(swap));
    }
  }

  /** The flags of a new app. */
  static List<String> flags(LinuxContainerResources wish, Host host) {
    check(wish);
    List<String> flags = new ArrayList<>();
    if (wish.getMemoryLimitInBytes() > 0) {
      flags.add("--memory=" + wish.getMemoryLimitInBytes());
    }
    if (wish.getCpuQuota() > 0) {
      flags.add("--cpu=" + percent(wish) * 10 + "m");
    }
    if (wish.getCpuShares() > 0) {
      flags.add("--cpu-shares=" + shares(wish));
    }
    if (wish.getOomScoreAdj() != 0) {
      flags.add("--oom-score-adj=" + host.clampOomScoreAdj(wish.getOomScoreAdj()));
    }
    return flags;
  }

  /** The properties of a service of systemd; none of what is not said. */
  public static List<String> properties(LinuxContainerResources wish) {
    List<String> properties = new ArrayList<>();
    if (wish.getMemoryLimitInBytes() != 0) {
      properties.add(
          "MemoryLimit="
              + (wish.getMemoryLimitInBytes() > 0 ? wish.getMemoryLimitInBytes() : "infinity"));
    }
    if (wish.getCpuQuota() != 0) {
      properties.add("CPUQuota=" + (wish.getCpuQuota() > 0 ? percent(wish) + "%" : ""));
    }
    if (wish.getCpuShares() > 0) {
      properties.add("CPUShares=" + shares(wish));
    }
    return properties;
  }

  /** systemd knows whole percents of a CPU; rounded up, so that nothing gets less than it asked. */
  private static long percent(LinuxContainerResources wish) {
    long period = wish.getCpuPeriod() > 0 ? wish.getCpuPeriod() : USUAL_PERIOD;
    return Math.max(1, Math.ceilDiv(wish.getCpuQuota() * 100, period));
  }

  private static long shares(LinuxContainerResources wish) {
    return Math.clamp(wish.getCpuShares(), 2, 262_144);
  }

  /** The limits with the values of a later wish; what that does not say stays. */
  public static LinuxContainerResources changed(
      LinuxContainerResources before, LinuxContainerResources wish) {
    LinuxContainerResources.Builder after = before.toBuilder();
    if (wish.getMemoryLimitInBytes() != 0) {
      after.setMemoryLimitInBytes(Math.max(0, wish.getMemoryLimitInBytes()));
    }
    if (wish.getCpuQuota() != 0) {
      after.setCpuQuota(wish.getCpuQuota());
    }
    if (wish.getCpuPeriod() != 0) {
      after.setCpuPeriod(wish.getCpuPeriod());
    }
    if (wish.getCpuShares() != 0) {
      after.setCpuShares(wish.getCpuShares());
    }
    return after.build();
  }

  /** As the status shows them: a kubelet reads a CPU limit only from quota and period. */
  public static LinuxContainerResources shown(LinuxContainerResources wish) {
    LinuxContainerResources.Builder shown = wish.toBuilder();
    if (wish.getCpuQuota() > 0 && wish.getCpuPeriod() == 0) {
      shown.setCpuPeriod(USUAL_PERIOD);
    }
    return shown.build();
  }
}
