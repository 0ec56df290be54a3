package io.intermodal.tests.suite.events;

import static io.intermodal.cri.v1.ContainerEventType.CONTAINER_CREATED_EVENT;
import static io.intermodal.cri.v1.ContainerEventType.CONTAINER_DELETED_EVENT;
import static io.intermodal.cri.v1.ContainerEventType.CONTAINER_STARTED_EVENT;
import static io.intermodal.cri.v1.ContainerEventType.CONTAINER_STOPPED_EVENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.intermodal.cri.v1.ContainerEventResponse;
import io.intermodal.cri.v1.ContainerState;
import io.intermodal.cri.v1.ContainerStatus;
import io.intermodal.cri.v1.PodSandboxState;
import io.intermodal.cri.v1.PodSandboxStatusRequest;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Events;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.EngineKind;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.LogFile.Line;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** GetContainerEvents: what is told, when, and with what. */
@EndToEnd({EngineKind.TRANSLATED, EngineKind.TRANSLATED_RKT})
@Timeout(180)
class EventsIT {
  private final Cri cri;
  private final Node node;

  EventsIT(Cri cri, Node node) {
    this.cri = cri;
    this.node = node;
  }

  @Test
  void a_pods_life_is_told_in_order_and_with_its_statuses() {
    try (Events events = cri.events()) {
      Pod pod = cri.runPod();
      String address = pod.ip();
      Container container = pod.create(cri.shell("exec sleep 3600"));
      container.start();
      container.stop(0);
      ContainerStatus end = container.status();
      container.remove();
      pod.stop();
      pod.remove();
      var _ = events.await(pod.id(), CONTAINER_DELETED_EVENT);

      List<ContainerEventResponse> all = events.of(pod);
      assertThat(all)
          .extracting(event -> name(event, pod, container))
          .containsExactly(
              "pod CREATED",
              "pod STARTED",
              "container CREATED",
              "container STARTED",
              "container STOPPED",
              "container DELETED",
              "pod STOPPED",
              "pod DELETED");
      assertThat(all)
          .extracting(ContainerEventResponse::getCreatedAt)
          .isSorted()
          .allMatch(at -> at >= end.getCreatedAt() - Duration.ofMinutes(1).toNanos());
      assertThat(all)
          .allMatch(event ->
              event.getPodSandboxStatus().getMetadata().equals(pod.config().getMetadata()));
      assertThat(all.subList(1, 6))
          .allMatch(
              event -> event.getPodSandboxStatus().getState() == PodSandboxState.SANDBOX_READY)
          .allMatch(event -> event.getPodSandboxStatus().getNetwork().getIp().equals(address));
      assertThat(all.get(2).getContainersStatusesList())
          .extracting(ContainerStatus::getState)
          .containsExactly(ContainerState.CONTAINER_CREATED);
      assertThat(all.get(3).getContainersStatusesList())
          .extracting(ContainerStatus::getState)
          .containsExactly(ContainerState.CONTAINER_RUNNING);
      assertThat(all.get(4).getContainersStatusesList()).containsExactly(end);
      assertThat(end.getExitCode()).isEqualTo(137);
      for (ContainerEventResponse event : all.subList(6, 8)) {
        assertThat(event.getContainersStatusesList()).isEmpty();
        assertThat(event.getPodSandboxStatus().getState())
            .isEqualTo(PodSandboxState.SANDBOX_NOTREADY);
      }
    }
  }

  @Test
  void a_kill_from_outside_is_told_with_its_exit_code() {
    Container container = cri.runPod().start("exec sleep 3600");
    try (Events events = cri.events()) {
      node.docker().api().kill(container.id());

      ContainerEventResponse stopped =
          events.await(container.id(), CONTAINER_STOPPED_EVENT).event();
      assertThat(stopped.getContainersStatusesList()).containsExactly(container.status());
      assertThat(stopped.getContainersStatuses(0).getExitCode()).isEqualTo(137);
    }
  }

  @Test
  void an_end_is_told_when_the_log_is_complete_and_with_its_reason() {
    Pod pod = cri.runPod();
    try (Events events = cri.events()) {
      Container container =
          pod.start("i=0; while [ $i -lt 500 ]; do i=$((i+1)); echo $i; done; exit 3");

      ContainerEventResponse stopped =
          events.await(container.id(), CONTAINER_STOPPED_EVENT).event();

      List<Line> lines = container.log().lines();
      assumeFalse(
          lines.isEmpty() && node.dockerLost(container, "stdout"),
          "Docker itself has lost the output of a process that ended at once");
      assertThat(lines).extracting(Line::text).hasSize(500).endsWith("500");
      assertThat(stopped.getContainersStatuses(0).getExitCode()).isEqualTo(3);
      assertThat(stopped.getContainersStatuses(0).getReason()).isEqualTo("Error");
    }
  }

  @Test
  void a_container_that_ran_out_of_memory_is_told_as_its_status_says() {
    Pod pod = cri.runPod();
    try (Events events = cri.events()) {
      Container container =
          pod.start(
              "exec dd if=/dev/zero of=/dev/null bs=209715200 count=1",
              config -> {
                config
                    .getLinuxBuilder()
                    .getResourcesBuilder()
                    .setMemoryLimitInBytes(16 << 20)
                    .setMemorySwapLimitInBytes(16 << 20);
                return config;
              });

      ContainerEventResponse stopped =
          events.await(container.id(), CONTAINER_STOPPED_EVENT).event();

      assertThat(stopped.getContainersStatusesList()).containsExactly(container.status());
      assertThat(stopped.getContainersStatuses(0).getExitCode()).isEqualTo(137);
      // Of a process that ends at once an engine misses the kernel's notice now and then.
      assertThat(stopped.getContainersStatuses(0).getReason()).isIn("OOMKilled", "Error");
    }
  }

  @Test
  void a_container_that_is_removed_while_it_runs_is_stopped_first() {
    Pod pod = cri.runPod();
    Container container = pod.start("exec sleep 3600");
    try (Events events = cri.events()) {
      container.remove();
      var _ = events.await(container.id(), CONTAINER_DELETED_EVENT);

      assertThat(events.of(pod))
          .extracting(ContainerEventResponse::getContainerEventType)
          .containsExactly(CONTAINER_STOPPED_EVENT, CONTAINER_DELETED_EVENT);
      assertThat(events.of(pod).getFirst().getContainersStatuses(0).getExitCode()).isEqualTo(137);
    }
  }

  @Test
  void two_readers_are_told_the_same() {
    try (Events one = cri.events();
        Events other = cri.events()) {
      Pod pod = cri.runPod();
      for (int i = 0; i < 3; i++) {
        var _ = pod.start("exit 0").awaitExit();
      }
      pod.remove();
      for (Events events : List.of(one, other)) {
        var _ = events.await(pod.id(), CONTAINER_DELETED_EVENT);
      }

      assertThat(one.of(pod)).hasSize(4 + 3 * 4).isEqualTo(other.of(pod));
      for (ContainerEventResponse event : one.of(pod)) {
        assertThat(event.getContainerEventType())
            .isIn(
                CONTAINER_CREATED_EVENT,
                CONTAINER_STARTED_EVENT,
                CONTAINER_STOPPED_EVENT,
                CONTAINER_DELETED_EVENT);
      }
    }
  }

  @Test
  void a_pods_status_is_never_older_than_it_says() {
    Pod pod = cri.runPod();
    Container container = pod.start("exec sleep 3600");
    try (Events events = cri.events()) {
      container.stop(0);
      long stopped = events.await(container.id(), CONTAINER_STOPPED_EVENT).event().getCreatedAt();

      var status =
          cri.runtime()
              .podSandboxStatus(
                  PodSandboxStatusRequest.newBuilder().setPodSandboxId(pod.id()).build());

      assertThat(status.getTimestamp()).isGreaterThan(stopped);
      assertThat(status.getContainersStatusesList()).containsExactly(container.status());
    }
  }

  @Test
  void a_reader_that_hangs_up_leaves_nothing_behind() {
    node.server();
    Pod pod = cri.runPod();
    try (Events staying = cri.events()) {
      long ended = endedStreams();
      Events leaving = cri.events();
      leaving.close();
      Await.until(
          "the server knows that a reader has left",
          Duration.ofSeconds(30),
          () -> endedStreams() > ended);

      pod.stop();

      var _ = staying.await(pod.id(), CONTAINER_STOPPED_EVENT);
      assertThat(leaving.of(pod)).isEmpty();
    }
  }

  private long endedStreams() {
    try (var lines = Files.lines(node.server().logFile())) {
      return lines
          .filter(line -> line.contains("rpc=GetContainerEvents"))
          .filter(line -> line.contains("code=CANCELLED"))
          .count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(ContainerEventResponse event, Pod pod, Container container) {
    String who =
        event.getContainerId().equals(pod.id())
            ? "pod"
            : event.getContainerId().equals(container.id()) ? "container" : "unknown";
    return who
        + " "
        + event.getContainerEventType().name().replace("CONTAINER_", "").replace("_EVENT", "");
  }
}
