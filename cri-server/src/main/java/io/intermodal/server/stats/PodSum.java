package io.intermodal.server.stats;

import io.intermodal.server.stats.cgroup.CgroupReading;
import io.intermodal.server.stats.cgroup.CpuCounters;
import io.intermodal.server.stats.cgroup.MemoryCounters;
import io.intermodal.server.stats.cgroup.TaskCounters;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The use of a pod that has no cgroup of its own, from its parts. A number is there when every part
 * has it: so there is a limit only when all parts are limited. Pressure has no sum: parts that wait
 * at the same time would count twice.
 */
final class PodSum {
  private PodSum() {}

  /** The sum of at least one. */
  static CgroupReading of(List<CgroupReading> parts) {
    return new CgroupReading(
        parts.getFirst().readAt(),
        cpu(parts.stream().map(CgroupReading::cpu).flatMap(Optional::stream).toList()),
        memory(parts.stream().map(CgroupReading::memory).flatMap(Optional::stream).toList()),
        List.of(),
        TaskCounters.NONE,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static Optional<CpuCounters> cpu(List<CpuCounters> parts) {
    OptionalLong none = OptionalLong.empty();
    return parts.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new CpuCounters(
                parts.stream().mapToLong(CpuCounters::usage).sum(),
                sum(parts, CpuCounters::user),
                sum(parts, CpuCounters::system),
                none,
                none,
                none,
                none,
                none,
                none));
  }

  private static Optional<MemoryCounters> memory(List<MemoryCounters> parts) {
    OptionalLong none = OptionalLong.empty();
    return parts.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new MemoryCounters(
                parts.stream().mapToLong(MemoryCounters::usage).sum(),
                none,
                sum(parts, MemoryCounters::limit),
                none,
                sum(parts, MemoryCounters::cache),
                sum(parts, MemoryCounters::activeFile),
                sum(parts, MemoryCounters::inactiveFile),
                sum(parts, MemoryCounters::mappedFile),
                sum(parts, MemoryCounters::rss),
                sum(parts, MemoryCounters::kernel),
                sum(parts, MemoryCounters::swap),
                sum(parts, MemoryCounters::swapLimit),
                sum(parts, MemoryCounters::pageFaults),
                sum(parts, MemoryCounters::majorPageFaults),
                none,
                none,
                none,
                none));
  }

  private static <T> OptionalLong sum(List<T> parts, Function<T, OptionalLong> number) {
    return parts.stream().map(number).allMatch(OptionalLong::isPresent)
        ? OptionalLong.of(parts.stream().map(number).flatMapToLong(OptionalLong::stream).sum())
        : OptionalLong.empty();
  }
}
