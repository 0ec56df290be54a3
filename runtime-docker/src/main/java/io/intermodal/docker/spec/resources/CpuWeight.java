package io.intermodal.docker.spec.resources;

import java.util.List;

/**
 * CPU shares of cgroup version 1 (2 to 262144, usually 1024) as a weight of version 2 (1 to 10000,
 * usually 100).
 */
final class CpuWeight {
  private static final long MIN_SHARES = 2;
  private static final long MAX_SHARES = 262_144;
  private static final long MAX_WEIGHT = 10_000;

  private CpuWeight() {}

  /**
   * The weights that stand for these shares. There are two conversions in the field: the straight
   * one of Kubernetes' KEP-2254, which makes 39 of 1024, and since 2025 that of OCI runtimes, which
   * makes 100 of it. Both ends of the range are the same.
   *
   * @return the first is the straight one
   */
  static List<Long> ofShares(long shares) {
    if (shares <= MIN_SHARES) {
      return List.of(1L);
    }
    if (shares >= MAX_SHARES) {
      return List.of(MAX_WEIGHT);
    }
    long straight = 1 + (shares - MIN_SHARES) * (MAX_WEIGHT - 1) / (MAX_SHARES - MIN_SHARES);
    double log = Math.log((double) shares) / Math.log(2);
    double exponent = (log * log + 125 * log) / 612.0 - 7.0 / 34.0;
    long curved = (long) Math.ceil(Math.pow(10, exponent));
    return List.of(straight, curved);
  }
}
