package io.intermodal.server.stats.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.cri.v1.PodSandboxAttributes;
import io.intermodal.server.stats.cgroup.CgroupReading;
import io.intermodal.server.stats.cgroup.CpuCounters;
import io.intermodal.server.stats.cgroup.Pressure;
import io.intermodal.server.stats.cgroup.TaskCounters;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CpuMetricsTest {
  private static final OptionalLong NONE = OptionalLong.empty();
  private final LabelledMetrics metrics =
      LabelledMetrics.of(PodSandboxAttributes.getDefaultInstance());

  @Test
  void time_is_told_in_whole_seconds() {
    metrics.add(
        CpuMetrics.TIME,
        cpu(
            7_999_999_999L,
            OptionalLong.of(5_000_000_000L),
            OptionalLong.of(2_900_000_000L),
            NONE));

    assertThat(Told.briefly(metrics.metrics()))
        .containsExactly(
            "container_cpu_usage_seconds_total{cpu=\"total\"} 7",
            "container_cpu_user_seconds_total 5",
            "container_cpu_system_seconds_total 2");
  }

  @Test
  void time_that_the_kernel_does_not_split_is_told_as_a_whole_only() {
    metrics.add(CpuMetrics.TIME, cpu(1_000_000_000L, NONE, NONE, NONE));

    assertThat(Told.briefly(metrics.metrics()))
        .containsExactly("container_cpu_usage_seconds_total{cpu=\"total\"} 1");
  }

  @Test
  void throttling_is_told_where_there_is_a_quota() {
    metrics.add(CpuMetrics.THROTTLING, cpu(0, NONE, NONE, OptionalLong.of(20_000)));
    metrics.add(CpuMetrics.SETTINGS, cpu(0, NONE, NONE, OptionalLong.of(20_000)));

    assertThat(Told.briefly(metrics.metrics()))
        .containsExactly(
            "container_cpu_cfs_periods_total 40",
            "container_cpu_cfs_throttled_periods_total 4",
            "container_cpu_cfs_throttled_seconds_total 3",
            "container_spec_cpu_shares 512",
            "container_spec_cpu_period 100000",
            "container_spec_cpu_quota 20000");
  }

  @Test
  void without_a_quota_neither_it_nor_throttling_is_told() {
    metrics.add(CpuMetrics.THROTTLING, cpu(0, NONE, NONE, NONE));
    metrics.add(CpuMetrics.SETTINGS, cpu(0, NONE, NONE, NONE));

    assertThat(Told.briefly(metrics.metrics()))
        .containsExactly("container_spec_cpu_shares 512", "container_spec_cpu_period 100000");
  }

  @Test
  void waiting_and_stalling_are_told_in_seconds_for_what_the_kernel_measures() {
    metrics.add(
        PressureMetrics.WAITING,
        new CgroupReading(
            1,
            Optional.empty(),
            Optional.empty(),
            List.of(),
            TaskCounters.NONE,
            List.of(),
            // Kernels before 5.13 do not tell "full" for CPUs.
            Optional.of(new Pressure(stall(4_999_000_000L), Optional.empty())),
            Optional.of(new Pressure(stall(3_000_000_000L), Optional.of(stall(2_000_000_000L)))),
            Optional.empty()));

    assertThat(Told.briefly(metrics.metrics()))
        .containsExactly(
            "container_pressure_cpu_waiting_seconds_total 4",
            "container_pressure_memory_waiting_seconds_total 3",
            "container_pressure_memory_stalled_seconds_total 2");
  }

  private static Pressure.Stall stall(long total) {
    return new Pressure.Stall(total, 0, 0, 0);
  }

  private static CpuCounters cpu(
      long usage, OptionalLong user, OptionalLong system, OptionalLong quota) {
    return new CpuCounters(
        usage,
        user,
        system,
        OptionalLong.of(40),
        OptionalLong.of(4),
        OptionalLong.of(3_100_000_000L),
        quota,
        OptionalLong.of(100_000),
        OptionalLong.of(512));
  }
}
