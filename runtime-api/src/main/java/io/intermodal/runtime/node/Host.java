package io.intermodal.runtime.node;

/**
 * What this host is and allows; found out once at start.
 *
 * @param cgroups the cgroup hierarchy that limits are written to
 * @param lowestOomScoreAdj the lowest {@code oom_score_adj} that a process may be given here:
 *     without CAP_SYS_RESOURCE the kernel forbids to go below our own
 * @param appArmor whether AppArmor is enabled in the kernel
 * @param seLinux whether SELinux is enabled
 */
public record Host(Cgroups cgroups, int lowestOomScoreAdj, boolean appArmor, boolean seLinux) {

  /** The version of the cgroup hierarchy that carries the controllers. */
  public enum Cgroups {
    /** Version 1, or a hybrid whose controllers are in version 1. */
    V1,
    /** The unified hierarchy. */
    V2
  }

  /** The score that comes nearest to the wish on this host. */
  public int clampOomScoreAdj(long wish) {
    return (int) Math.max(lowestOomScoreAdj, Math.min(wish, 1000));
  }
}
