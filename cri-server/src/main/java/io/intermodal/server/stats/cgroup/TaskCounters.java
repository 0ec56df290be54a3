package io.intermodal.server.stats.cgroup;

import java.util.OptionalLong;

/**
 * What runs in a cgroup and those below it. Read with {@link Detail#METRICS} only.
 *
 * @param threads threads, those of all processes
 * @param threadLimit the most there may be; empty without a limit
 */
public record TaskCounters(OptionalLong threads, OptionalLong threadLimit) {
  /** Where the controller is missing or was not asked. */
  public static final TaskCounters NONE =
      new TaskCounters(OptionalLong.empty(), OptionalLong.empty());
}
