package io.intermodal.server.stats.cgroup;

import java.util.OptionalLong;

/**
 * CPU time of a cgroup since it was made, and its limits. Only {@code usage} is read with {@link
 * Detail#STATISTICS}.
 *
 * @param usage of all CPUs together, in ns
 * @param user the part of it in user mode, in ns
 * @param system the part of it in the kernel, in ns
 * @param periods periods of the quota that passed while it had something to run
 * @param throttledPeriods those of them in which it used up the quota
 * @param throttledTime how long it was held back, in ns
 * @param quota the time it may run in each period, in µs; empty without a limit
 * @param period the length of a period, in µs
 * @param shares its weight against its siblings, on version 1's scale of 2 to 262144
 */
public record CpuCounters(
    long usage,
    OptionalLong user,
    OptionalLong system,
    OptionalLong periods,
    OptionalLong throttledPeriods,
    OptionalLong throttledTime,
    OptionalLong quota,
    OptionalLong period,
    OptionalLong shares) {}
