package io.intermodal.tests.life;

import static io.intermodal.cri.v1.ContainerEventType.CONTAINER_DELETED_EVENT;
import static io.intermodal.cri.v1.ContainerEventType.CONTAINER_STOPPED_EVENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.intermodal.cri.v1.ContainerEventResponse;
import io.intermodal.cri.v1.ContainerState;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Events;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.Engine;
import io.intermodal.tests.engine.EngineKind;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.HostProcess;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams of events while Docker, or the server itself, goes and comes. */
@EndToEnd(EngineKind.TRANSLATED)
class EventContinuityIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final Engine engine;

  EventContinuityIT(Engine engine) {
    this.engine = engine;
  }

  @Test
  @Timeout(180)
  void what_happened_while_docker_was_away_is_told_when_it_is_back() {
    try (Node node = engine.another();
        Cri cri = node.session()) {
      Pod pod = cri.runPod();
      Container ending = pod.startIdle();
      Container staying = pod.startIdle();
      HostProcess process = ending.process();
      try (Events events = cri.events()) {
        node.docker().stop();
        node.awaitReady(false, SOON);
        process.kill();
        Await.until("the process is gone", SOON, () -> !process.running());
        assertThat(events.of(pod)).isEmpty();

        node.docker().startAgain();

        ContainerEventResponse stopped = events.await(ending.id(), CONTAINER_STOPPED_EVENT).event();
        assertThat(stopped.getContainersStatusesList())
            .filteredOn(status -> status.getId().equals(ending.id()))
            .containsExactly(ending.status());
        // Of an end that Docker has not seen it may not know the code itself.
        assertThat(ending.status().getExitCode())
            .isIn(137, 255)
            .isEqualTo(exitCodeInDocker(node, ending));
        assertThat(stopped.getContainersStatusesList())
            .filteredOn(status -> status.getState() == ContainerState.CONTAINER_RUNNING)
            .extracting(status -> status.getId())
            .containsExactly(staying.id());

        // Whatever Docker tells of it later is the same news.
        staying.remove();
        var _ = events.await(staying.id(), CONTAINER_DELETED_EVENT);
        assertThat(events.of(pod))
            .filteredOn(event -> event.getContainerId().equals(ending.id()))
            .hasSize(1);
      }
    }
  }

  private static int exitCodeInDocker(Node node, Container container) {
    return node.docker()
        .api()
        .inspect(container.id())
        .getAsJsonObject("State")
        .get("ExitCode")
        .getAsInt();
  }

  @Test
  @Timeout(180)
  void a_server_that_stops_does_not_wait_for_its_readers() {
    try (Node node = engine.another();
        Cri cri = node.session()) {
      var server = node.server();
      try (Events events = cri.events()) {
        long start = System.nanoTime();
        assertThat(server.terminate()).isZero();

        // Calls in flight are waited for up to 10 s.
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(events.awaitEnd().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(events.awaitEnd().getDescription()).contains("this server is stopping");
      }
      node.restartServer();
    }
  }
}
