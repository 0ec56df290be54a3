package io.intermodal.server.stats.cgroup;

/** How much is read of a cgroup: each file costs its microseconds. */
public enum Detail {
  /** What CRI's statistics contain. Everything else in a {@link CgroupReading} is empty. */
  STATISTICS,
  /** All of a {@link CgroupReading}, as metrics need it. */
  METRICS
}
