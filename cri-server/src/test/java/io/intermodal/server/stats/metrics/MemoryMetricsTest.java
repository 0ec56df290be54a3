package io.intermodal.server.stats.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.cri.v1.PodSandboxAttributes;
import io.intermodal.server.stats.cgroup.HugePageCounters;
import io.intermodal.server.stats.cgroup.MemoryCounters;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MemoryMetricsTest {
  private static final OptionalLong NONE = OptionalLong.empty();
  private final LabelledMetrics metrics =
      LabelledMetrics.of(PodSandboxAttributes.getDefaultInstance());

  @Test
  void memory_is_told_in_bytes_and_faults_by_kind_and_scope() {
    metrics.add(
        MemoryMetrics.USE,
        new MemoryCounters(
            1000,
            OptionalLong.of(1001),
            NONE,
            NONE,
            OptionalLong.of(600),
            OptionalLong.of(100),
            OptionalLong.of(300),
            OptionalLong.of(50),
            OptionalLong.of(400),
            OptionalLong.of(30),
            OptionalLong.of(20),
            NONE,
            OptionalLong.of(11),
            OptionalLong.of(2),
            OptionalLong.of(10),
            OptionalLong.of(1),
            OptionalLong.of(5),
            OptionalLong.of(6)));

    assertThat(Told.briefly(metrics.metrics()))
        .containsExactly(
            "container_memory_usage_bytes 1000",
            "container_memory_max_usage_bytes 1001",
            "container_memory_working_set_bytes 700",
            "container_memory_rss 400",
            "container_memory_cache 600",
            "container_memory_mapped_file 50",
            "container_memory_kernel_usage 30",
            "container_memory_swap 20",
            "container_memory_failcnt 5",
            "container_memory_failures_total{failure_type=\"pgfault\",scope=\"container\"} 10",
            "container_memory_failures_total{failure_type=\"pgmajfault\",scope=\"container\"} 1",
            "container_memory_failures_total{failure_type=\"pgfault\",scope=\"hierarchy\"} 11",
            "container_memory_failures_total{failure_type=\"pgmajfault\",scope=\"hierarchy\"} 2",
            "container_oom_events_total 6");
  }

  @Test
  void what_the_kernel_does_not_count_is_left_out() {
    metrics.add(MemoryMetrics.USE, limited(NONE, NONE, NONE));

    assertThat(Told.briefly(metrics.metrics()))
        .containsExactly(
            "container_memory_usage_bytes 1000", "container_memory_working_set_bytes 1000");
  }

  @Test
  void limits_are_told_and_that_of_swap_includes_memory() {
    metrics.add(
        MemoryMetrics.SETTINGS,
        limited(OptionalLong.of(4096), OptionalLong.of(0), OptionalLong.of(1024)));

    assertThat(Told.briefly(metrics.metrics()))
        .containsExactly(
            "container_spec_memory_limit_bytes 4096",
            "container_spec_memory_reservation_limit_bytes 0",
            "container_spec_memory_swap_limit_bytes 5120");
  }

  @Test
  void no_limit_is_told_as_zero() {
    metrics.add(MemoryMetrics.SETTINGS, limited(NONE, OptionalLong.of(0), NONE));

    assertThat(Told.briefly(metrics.metrics()))
        .containsExactly(
            "container_spec_memory_limit_bytes 0",
            "container_spec_memory_reservation_limit_bytes 0",
            "container_spec_memory_swap_limit_bytes 0");
  }

  @Test
  void without_swap_accounting_there_is_no_limit_of_swap_to_tell() {
    metrics.add(MemoryMetrics.SETTINGS, limited(OptionalLong.of(4096), NONE, NONE));

    assertThat(Told.briefly(metrics.metrics()))
        .containsExactly(
            "container_spec_memory_limit_bytes 4096",
            "container_spec_memory_reservation_limit_bytes 0");
  }

  @Test
  void huge_pages_are_told_by_their_size() {
    metrics.add(MemoryMetrics.HUGE_PAGES, new HugePageCounters("2MB", 4, OptionalLong.of(6), NONE));
    metrics.add(MemoryMetrics.HUGE_PAGES, new HugePageCounters("1GB", 0, NONE, NONE));

    assertThat(Told.briefly(metrics.metrics()))
        .containsExactly(
            "container_hugetlb_usage_bytes{pagesize=\"2MB\"} 4",
            "container_hugetlb_max_usage_bytes{pagesize=\"2MB\"} 6",
            "container_hugetlb_usage_bytes{pagesize=\"1GB\"} 0");
  }

  private static MemoryCounters limited(
      OptionalLong limit, OptionalLong swap, OptionalLong swapLimit) {
    return new MemoryCounters(
        1000, NONE, limit, NONE, NONE, NONE, NONE, NONE, NONE, NONE, swap, swapLimit, NONE, NONE,
        NONE, NONE, NONE, NONE);
  }
}
