package io.intermodal.server.stats.metrics;

import static io.intermodal.server.stats.metrics.MetricFamily.seconds;

import io.intermodal.server.stats.cgroup.CgroupReading;
import io.intermodal.server.stats.cgroup.Pressure;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** How long processes waited for something (the kernel's PSI). */
final class PressureMetrics {
  /** Waiting is what at least one task did, stalled are all of them. */
  static final List<MetricFamily<CgroupReading>> WAITING =
      List.of(
          seconds(
              "container_pressure_cpu_waiting_seconds_total",
              "Time in which a task waited for a CPU, in seconds.",
              some(CgroupReading::cpuPressure)),
          seconds(
              "container_pressure_cpu_stalled_seconds_total",
              "Time in which all tasks waited for a CPU, in seconds.",
              full(CgroupReading::cpuPressure)),
          seconds(
              "container_pressure_memory_waiting_seconds_total",
              "Time in which a task waited for memory, in seconds.",
              some(CgroupReading::memoryPressure)),
          seconds(
              "container_pressure_memory_stalled_seconds_total",
              "Time in which all tasks waited for memory, in seconds.",
              full(CgroupReading::memoryPressure)),
          seconds(
              "container_pressure_io_waiting_seconds_total",
              "Time in which a task waited for input or output, in seconds.",
              some(CgroupReading::ioPressure)),
          seconds(
              "container_pressure_io_stalled_seconds_total",
              "Time in which all tasks waited for input or output, in seconds.",
              full(CgroupReading::ioPressure)));

  private PressureMetrics() {}

  private static Function<CgroupReading, OptionalLong> some(
      Function<CgroupReading, Optional<Pressure>> resource) {
    return cgroup -> total(resource.apply(cgroup).map(Pressure::some));
  }

  private static Function<CgroupReading, OptionalLong> full(
      Function<CgroupReading, Optional<Pressure>> resource) {
    return cgroup -> total(resource.apply(cgroup).flatMap(Pressure::full));
  }

  private static OptionalLong total(Optional<Pressure.Stall> stall) {
    return stall.map(known -> OptionalLong.of(known.total())).orElseGet(OptionalLong::empty);
  }
}
