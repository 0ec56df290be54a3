package io.intermodal.tests.suite.cluster;

import static io.intermodal.cri.v1.ContainerEventType.CONTAINER_CREATED_EVENT;
import static io.intermodal.cri.v1.ContainerEventType.CONTAINER_DELETED_EVENT;
import static io.intermodal.cri.v1.ContainerEventType.CONTAINER_STARTED_EVENT;
import static io.intermodal.cri.v1.ContainerEventType.CONTAINER_STOPPED_EVENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.intermodal.cri.v1.ContainerEventResponse;
import io.intermodal.cri.v1.ContainerStats;
import io.intermodal.cri.v1.ContainerStatsFilter;
import io.intermodal.cri.v1.ListContainerStatsRequest;
import io.intermodal.cri.v1.PodSandboxStats;
import io.intermodal.cri.v1.PodSandboxStatsRequest;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Events;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.EngineKind;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.streaming.CommandSession;
import io.intermodal.tests.streaming.Streams;
import io.intermodal.tests.streaming.Transport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/**
 * All that a dashboard shows of one pod, while it shows it: the log as it grows and is rotated, a
 * terminal in a container, its own input and output, what it uses, and what happens to it. Each of
 * these alone is the matter of {@code LogsIT}, {@code suite.streaming}, {@code StatisticsIT} and
 * {@code EventsIT}.
 */
@EndToEnd({
  EngineKind.TRANSLATED,
  EngineKind.FORWARDED,
  EngineKind.FORWARDED_NEWER,
  EngineKind.FORWARDED_CRIO
})
class DashboardIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Transport PROTOCOL = Transport.SPDY_V4;

  private final Cri cri;

  DashboardIT(Cri cri) {
    this.cri = cri;
  }

  @Test
  void a_log_is_followed_over_its_rotation_beside_a_terminal_an_attached_client_and_statistics()
      throws IOException {
    Pod pod =
        cri.runPod(config -> {
          // As a kubelet has it: containerd counts a pod by the cgroup that it is in.
          config.getLinuxBuilder().setCgroupParent("/im-e2e-" + UUID.randomUUID());
          return config;
        });
    Container app =
        pod.start("while read line; do echo \"app: $line\"; done", config -> config.setStdin(true));

    try (LogFollower log = LogFollower.of(app.log());
        CommandSession attached = PROTOCOL.open(app.attachUrl(Streams.ALL), Streams.ALL);
        CommandSession terminal = terminal(app)) {
      send(attached, "one\n");
      await(attached.stdout(), "app: one\n");
      Await.until("the log has it", SOON, () -> log.output().equals("app: one\n"));

      terminal.resize(132, 43);
      send(terminal, "until [ \"$(stty size)\" = '43 132' ]; do sleep 0.05; done; tty\n");
      await(terminal.stdout(), "/dev/pts/");

      Files.move(app.logPath(), app.logPath().resolveSibling("0.log.20261128-120000"));
      send(attached, "two\n");
      await(attached.stdout(), "app: two\n");
      app.reopenLog();
      send(attached, "three\n");
      await(attached.stdout(), "app: three\n");
      Await.until(
          "the log goes on in its new file",
          SOON,
          () -> log.output().equals("app: one\napp: two\napp: three\n"));

      long before = cpuNanos(app);
      send(terminal, "i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done; echo coun''ted\n");
      await(terminal.stdout(), "counted");
      Await.until("more CPU time was used", SOON, () -> cpuNanos(app) > before);
      assertThat(stats(app).getMemory().getWorkingSetBytes().getValue()).isPositive();
      assertThat(stats(pod).getLinux().getContainersList())
          .extracting(one -> one.getAttributes().getId())
          .containsExactly(app.id());
      assertThat(stats(pod).getLinux().getNetwork().getDefaultInterface().getName())
          .isEqualTo("eth0");

      send(terminal, "exit 7\n");
      assertThat(terminal.finish().status().code()).hasValue(7);
      send(attached, "four\n");
      await(attached.stdout(), "app: four\n");
    }
  }

  @Test
  void a_reader_of_events_sees_a_container_come_run_end_and_go() {
    try (Events events = cri.unconfirmedEvents()) {
      if (!events.areTold(cri::runPod)) {
        assertThat(events.awaitEnd().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
        throw new TestAbortedException("this engine gives no events");
      }
      Container container = cri.runPod().startIdle();
      container.stop(10);
      container.remove();

      var _ = events.await(container.id(), CONTAINER_DELETED_EVENT);
      assertThat(events.of(container.pod()))
          .filteredOn(event -> event.getContainerId().equals(container.id()))
          .extracting(ContainerEventResponse::getContainerEventType)
          .containsExactly(
              CONTAINER_CREATED_EVENT,
              CONTAINER_STARTED_EVENT,
              CONTAINER_STOPPED_EVENT,
              CONTAINER_DELETED_EVENT);
    }
  }

  private static CommandSession terminal(Container container) throws IOException {
    return PROTOCOL.open(container.execUrl(Streams.TERMINAL, List.of("/bin/sh")), Streams.TERMINAL);
  }

  private static void send(CommandSession session, String text) throws IOException {
    session.stdin().write(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Reads until the text has come; the end before it is a failure. */
  private static void await(InputStream in, String text) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.indexOf(text) < 0) {
      int b = in.read();
      if (b < 0) {
        throw new AssertionError("ended before \"" + text + "\": \"" + read + "\"");
      }
      read.append((char) b);
    }
  }

  /** As a dashboard's list has it. */
  private ContainerStats stats(Container container) {
    return cri.runtime()
        .listContainerStats(
            ListContainerStatsRequest.newBuilder()
                .setFilter(ContainerStatsFilter.newBuilder().setPodSandboxId(container.pod().id()))
                .build())
        .getStats(0);
  }

  private long cpuNanos(Container container) {
    return stats(container).getCpu().getUsageCoreNanoSeconds().getValue();
  }

  private PodSandboxStats stats(Pod pod) {
    return cri.runtime()
        .podSandboxStats(PodSandboxStatsRequest.newBuilder().setPodSandboxId(pod.id()).build())
        .getStats();
  }
}
