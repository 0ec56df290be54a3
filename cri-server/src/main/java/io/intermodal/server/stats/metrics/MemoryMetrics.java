package io.intermodal.server.stats.metrics;

import static io.intermodal.server.stats.metrics.MetricFamily.counter;
import static io.intermodal.server.stats.metrics.MetricFamily.gauge;

import io.intermodal.server.stats.cgroup.HugePageCounters;
import io.intermodal.server.stats.cgroup.MemoryCounters;
import java.util.List;
import java.util.OptionalLong;

/** Memory, its limits, and huge pages. All in bytes. */
final class MemoryMetrics {
  /** The memory used. */
  static final List<MetricFamily<MemoryCounters>> USE =
      List.of(
          gauge(
              "container_memory_usage_bytes",
              "Memory in use, files kept in memory included, in bytes.",
              memory -> OptionalLong.of(memory.usage())),
          gauge(
              "container_memory_max_usage_bytes",
              "The most memory that was ever in use, in bytes.",
              MemoryCounters::maxUsage),
          gauge(
              "container_memory_working_set_bytes",
              "Memory in use that cannot simply be taken back, in bytes; what evictions go by.",
              memory -> OptionalLong.of(memory.workingSet())),
          gauge(
              "container_memory_rss",
              "Anonymous memory, in bytes: heaps, stacks and the like.",
              MemoryCounters::rss),
          gauge(
              "container_memory_cache",
              "Files kept in memory, those of tmpfs included, in bytes.",
              MemoryCounters::cache),
          gauge(
              "container_memory_mapped_file",
              "Files mapped into processes, in bytes.",
              MemoryCounters::mappedFile),
          gauge(
              "container_memory_kernel_usage",
              "Memory of the kernel on behalf of the processes, in bytes.",
              MemoryCounters::kernel),
          gauge("container_memory_swap", "Memory swapped out, in bytes.", MemoryCounters::swap),
          counter(
              "container_memory_failcnt",
              "How often memory in use met its limit.",
              MemoryCounters::limitHits),
          counter(
              "container_memory_failures_total",
              "Page faults: all (pgfault) and those that went to disk (pgmajfault).",
              List.of("failure_type", "scope"),
              (memory, sink) -> {
                sink.value(memory.ownPageFaults(), "pgfault", "container");
                sink.value(memory.ownMajorPageFaults(), "pgmajfault", "container");
                sink.value(memory.pageFaults(), "pgfault", "hierarchy");
                sink.value(memory.majorPageFaults(), "pgmajfault", "hierarchy");
              }),
          counter(
              "container_oom_events_total",
              "Processes killed for want of memory.",
              MemoryCounters::oomKills));

  /** What is set; 0 for no limit, as everyone tells it. */
  static final List<MetricFamily<MemoryCounters>> SETTINGS =
      List.of(
          gauge(
              "container_spec_memory_limit_bytes",
              "The most memory allowed, in bytes; 0 without a limit.",
              memory -> orNoLimit(memory.limit())),
          gauge(
              "container_spec_memory_reservation_limit_bytes",
              "Memory that the kernel tries to leave alone, in bytes; 0 for none.",
              memory -> orNoLimit(memory.reservation())),
          gauge(
              "container_spec_memory_swap_limit_bytes",
              "The most memory and swap together allowed, in bytes; 0 without a limit.",
              MemoryMetrics::memoryAndSwapLimit));

  /** By page size. */
  static final List<MetricFamily<HugePageCounters>> HUGE_PAGES =
      List.of(
          gauge(
              "container_hugetlb_usage_bytes",
              "Huge pages in use, in bytes.",
              List.of("pagesize"),
              (pages, sink) -> sink.value(pages.usage(), pages.pageSize())),
          gauge(
              "container_hugetlb_max_usage_bytes",
              "The most huge pages that were ever in use, in bytes.",
              List.of("pagesize"),
              (pages, sink) -> sink.value(pages.maxUsage(), pages.pageSize())));

  private MemoryMetrics() {}

  private static OptionalLong orNoLimit(OptionalLong limit) {
    return OptionalLong.of(limit.orElse(0));
  }

  /** Together, as container configurations have it; cgroups of version 2 limit swap alone. */
  private static OptionalLong memoryAndSwapLimit(MemoryCounters memory) {
    if (memory.swap().isEmpty()) {
      return OptionalLong.empty();
    }
    return memory.limit().isPresent() && memory.swapLimit().isPresent()
        ? OptionalLong.of(memory.limit().getAsLong() + memory.swapLimit().getAsLong())
        : OptionalLong.of(0);
  }
}
