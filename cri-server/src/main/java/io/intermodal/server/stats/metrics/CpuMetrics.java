package io.intermodal.server.stats.metrics;

import static io.intermodal.server.stats.metrics.MetricFamily.counter;
import static io.intermodal.server.stats.metrics.MetricFamily.gauge;
import static io.intermodal.server.stats.metrics.MetricFamily.seconds;

import io.intermodal.server.stats.cgroup.CpuCounters;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;

/** CPU time, how it is held back, and what is set for it. */
final class CpuMetrics {
  /** The time used. Of all CPUs together, which is what kubelets have always exported. */
  static final List<MetricFamily<CpuCounters>> TIME =
      List.of(
          counter(
              "container_cpu_usage_seconds_total",
              "CPU time used, in seconds.",
              List.of("cpu"),
              (cpu, sink) -> sink.value(seconds(cpu.usage()), "total")),
          seconds(
              "container_cpu_user_seconds_total",
              "CPU time used by programs themselves, in seconds.",
              CpuCounters::user),
          seconds(
              "container_cpu_system_seconds_total",
              "CPU time used by the kernel on behalf of programs, in seconds.",
              CpuCounters::system));

  /** The work of the quota. Without a quota nothing is counted, and nothing told. */
  static final List<MetricFamily<CpuCounters>> THROTTLING =
      List.of(
          counter(
              "container_cpu_cfs_periods_total",
              "Periods of the CPU quota in which there was something to run.",
              withQuota(CpuCounters::periods)),
          counter(
              "container_cpu_cfs_throttled_periods_total",
              "Periods in which the CPU quota was used up.",
              withQuota(CpuCounters::throttledPeriods)),
          seconds(
              "container_cpu_cfs_throttled_seconds_total",
              "Time for which the CPU quota held processes back, in seconds.",
              withQuota(CpuCounters::throttledTime)));

  /** What is set. */
  static final List<MetricFamily<CpuCounters>> SETTINGS =
      List.of(
          gauge(
              "container_spec_cpu_shares",
              "CPU weight relative to neighbours, 1024 being that of one requested CPU.",
              CpuCounters::shares),
          gauge(
              "container_spec_cpu_period",
              "Length of a period of the CPU quota, in microseconds.",
              CpuCounters::period),
          gauge(
              "container_spec_cpu_quota",
              "CPU time allowed in each period, in microseconds; absent without a limit.",
              CpuCounters::quota));

  private CpuMetrics() {}

  private static Function<CpuCounters, OptionalLong> withQuota(
      Function<CpuCounters, OptionalLong> count) {
    return cpu -> cpu.quota().isPresent() ? count.apply(cpu) : OptionalLong.empty();
  }
}
