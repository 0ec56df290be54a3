package io.intermodal.server.stats.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.cri.v1.PodSandboxAttributes;
import io.intermodal.server.stats.cgroup.TaskCounters;
import io.intermodal.server.stats.metrics.ProcessMetrics.Lifetime;
import io.intermodal.server.stats.network.InterfaceCounters;
import io.intermodal.server.stats.system.ProcessReading;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProcessMetricsTest {
  private static final OptionalLong NONE = OptionalLong.empty();
  private final LabelledMetrics metrics =
      LabelledMetrics.of(PodSandboxAttributes.getDefaultInstance());

  @Test
  void processes_are_told_with_what_they_have_open() {
    metrics.add(
        ProcessMetrics.PROCESSES,
        new ProcessReading(2, OptionalLong.of(9), OptionalLong.of(3), OptionalLong.of(1024)));

    assertThat(Told.briefly(metrics.metrics()))
        .containsExactly(
            "container_processes 2",
            "container_file_descriptors 9",
            "container_sockets 3",
            "container_ulimits_soft{ulimit=\"max_open_files\"} 1024");
  }

  @Test
  void threads_without_a_limit_are_told_with_zero_for_it() {
    metrics.add(ProcessMetrics.THREADS, new TaskCounters(OptionalLong.of(5), NONE));

    assertThat(Told.briefly(metrics.metrics()))
        .containsExactly("container_threads 5", "container_threads_max 0");
  }

  @Test
  void without_the_controller_nothing_is_told_of_threads() {
    metrics.add(ProcessMetrics.THREADS, TaskCounters.NONE);

    assertThat(metrics.metrics()).isEmpty();
  }

  @Test
  void start_and_last_sight_are_told_in_seconds_since_1970() {
    metrics.add(
        ProcessMetrics.LIFETIME,
        new Lifetime(1_700_000_000_999_999_999L, 1_700_000_060_000_000_000L));

    assertThat(Told.briefly(metrics.metrics()))
        .containsExactly(
            "container_start_time_seconds 1700000000", "container_last_seen 1700000060");
  }

  @Test
  void an_interface_is_told_in_both_directions() {
    metrics.add(
        NetworkMetrics.TRAFFIC, new InterfaceCounters("eth0", 100, 10, 1, 2, 200, 20, 3, 4));

    assertThat(Told.briefly(metrics.metrics()))
        .containsExactly(
            "container_network_receive_bytes_total{interface=\"eth0\"} 100",
            "container_network_receive_packets_total{interface=\"eth0\"} 10",
            "container_network_receive_packets_dropped_total{interface=\"eth0\"} 2",
            "container_network_receive_errors_total{interface=\"eth0\"} 1",
            "container_network_transmit_bytes_total{interface=\"eth0\"} 200",
            "container_network_transmit_packets_total{interface=\"eth0\"} 20",
            "container_network_transmit_packets_dropped_total{interface=\"eth0\"} 4",
            "container_network_transmit_errors_total{interface=\"eth0\"} 3");
  }
}
