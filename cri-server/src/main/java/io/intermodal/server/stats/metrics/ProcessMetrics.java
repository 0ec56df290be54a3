package io.intermodal.server.stats.metrics;

import static io.intermodal.server.stats.metrics.MetricFamily.gauge;
import static io.intermodal.server.stats.metrics.MetricFamily.seconds;

import io.intermodal.server.stats.cgroup.TaskCounters;
import io.intermodal.server.stats.system.ProcessReading;
import java.util.List;
import java.util.OptionalLong;

/** What runs in a container, what it has open, and since when it runs. */
final class ProcessMetrics {
  /**
   * When a container was there.
   *
   * @param startedAt in ns since 1970
   * @param seenAt in ns since 1970
   */
  record Lifetime(long startedAt, long seenAt) {}

  /** Since when, until when. */
  static final List<MetricFamily<Lifetime>> LIFETIME =
      List.of(
          gauge(
              "container_start_time_seconds",
              "When the container started, in seconds since 1970.",
              life ->
                  life.startedAt > 0
                      ? OptionalLong.of(seconds(life.startedAt))
                      : OptionalLong.empty()),
          gauge(
              "container_last_seen",
              "When the container was last seen running, in seconds since 1970.",
              life -> OptionalLong.of(seconds(life.seenAt))));

  /** Threads, as the kernel counts them. */
  static final List<MetricFamily<TaskCounters>> THREADS =
      List.of(
          gauge("container_threads", "Threads of all processes.", TaskCounters::threads),
          gauge(
              "container_threads_max",
              "The most threads allowed; 0 without a limit.",
              tasks ->
                  // A controller that is not there limits nothing and knows nothing.
                  tasks.threads().isPresent()
                      ? OptionalLong.of(tasks.threadLimit().orElse(0))
                      : OptionalLong.empty()));

  /** Processes, and what they have open. */
  static final List<MetricFamily<ProcessReading>> PROCESSES =
      List.of(
          gauge(
              "container_processes",
              "Processes in the container.",
              reading -> OptionalLong.of(reading.processes())),
          gauge(
              "container_file_descriptors",
              "Open files of all processes, sockets included.",
              ProcessReading::descriptors),
          gauge("container_sockets", "Open sockets of all processes.", ProcessReading::sockets),
          gauge(
              "container_ulimits_soft",
              "Soft limits of the container's first process; absent without a limit.",
              List.of("ulimit"),
              (reading, sink) -> sink.value(reading.openFilesLimit(), "max_open_files")));

  private ProcessMetrics() {}
}
