package io.intermodal.server.stats.cgroup;

import java.util.OptionalLong;

/**
 * Huge pages of one size.
 *
 * @param pageSize as the kernel's files are named: "2MB"
 * @param usage in bytes
 * @param maxUsage the highest that usage ever was, in bytes
 * @param limitHits how often usage met the limit
 */
public record HugePageCounters(
    String pageSize, long usage, OptionalLong maxUsage, OptionalLong limitHits) {}
