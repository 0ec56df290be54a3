package io.intermodal.tests.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.intermodal.cri.v1.ContainerEventType;
import io.intermodal.cri.v1.ContainerState;
import io.intermodal.cri.v1.PodSandbox;
import io.intermodal.cri.v1.VersionRequest;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Events;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.Engine;
import io.intermodal.tests.engine.EngineKind;
import io.intermodal.tests.engine.Node;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.opentest4j.TestAbortedException;

/** An engine that speaks CRI comes and goes, or is none at all. */
@EndToEnd({EngineKind.FORWARDED, EngineKind.FORWARDED_NEWER})
class ForwardingIT {
  private static final Duration PROMPTLY = Duration.ofSeconds(5);

  private final Engine engine;
  private final Node node;
  private final Cri cri;

  ForwardingIT(Engine engine, Node node, Cri cri) {
    this.engine = engine;
    this.node = node;
    this.cri = cri;
  }

  @Test
  @Timeout(180)
  void an_engine_that_is_killed_is_missed_by_name_and_found_again_with_all_it_had() {
    try (Node own = engine.another();
        Cri session = own.session()) {
      Pod pod = session.runPod();
      Container container = pod.startIdle();
      var before = pod.status();

      own.containerd().kill();
      try {
        assertRefused(
            Status.Code.UNAVAILABLE,
            session::containerIds,
            "containerd",
            own.containerd().endpoint());
        assertThat(own.ready()).isFalse();

        own.server().kill();
        own.startServer();

        assertRefused(
            Status.Code.UNAVAILABLE,
            session::containerIds,
            "containerd",
            own.containerd().endpoint());
      } finally {
        own.containerd().startAgain();
      }
      own.awaitReady(true, PROMPTLY);

      assertThat(pod.status()).isEqualTo(before);
      assertThat(container.output("echo still here")).isEqualTo("still here");
      assertThat(session.ownPods()).extracting(PodSandbox::getId).containsExactly(pod.id());
    }
  }

  @Test
  @Timeout(180)
  void a_killed_server_changes_nothing_of_the_pods() {
    try (Node own = engine.another();
        Cri session = own.session()) {
      Pod pod = session.runPod();
      Container container = pod.startIdle();
      var podBefore = pod.status();
      var containerBefore = container.status();

      own.server().kill();
      own.restartServer();

      assertThat(pod.status()).isEqualTo(podBefore);
      assertThat(container.status()).isEqualTo(containerBefore);
      assertThat(container.output("echo still here")).isEqualTo("still here");
    }
  }

  @Test
  @Timeout(120)
  void a_client_of_v1alpha2_is_served() {
    node.server();
    try (Cri old = node.sessionInVersion1alpha2()) {
      assertThat(old.runtime().version(VersionRequest.getDefaultInstance()).getRuntimeName())
          .isEqualTo("containerd");
      Container container = old.runPod().startIdle();

      assertThat(container.output("echo here")).isEqualTo("here");
      assertThat(cri.containerIds()).contains(container.id());
      container.stop(0);
      assertThat(container.state()).isEqualTo(ContainerState.CONTAINER_EXITED);
    }
  }

  @Test
  @Timeout(180)
  void every_reader_is_told_all_that_happens_where_the_engine_tells_at_all() {
    try (Events one = cri.unconfirmedEvents();
        Events other = cri.unconfirmedEvents()) {
      if (!one.areTold(cri::runPod)) {
        assertThat(one.awaitEnd().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
        throw new TestAbortedException("this engine gives no events");
      }
      assertThat(other.areTold(cri::runPod)).isTrue();

      Container container = cri.runPod().startIdle();
      container.stop(0);

      for (Events events : List.of(one, other)) {
        var _ = events.await(container.id(), ContainerEventType.CONTAINER_CREATED_EVENT);
        var _ = events.await(container.id(), ContainerEventType.CONTAINER_STARTED_EVENT);
        var _ = events.await(container.id(), ContainerEventType.CONTAINER_STOPPED_EVENT);
      }
    }
  }

  private static void assertRefused(Status.Code code, Runnable call, String... words) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            refusal -> {
              assertThat(refusal.getStatus().getCode()).isEqualTo(code);
              assertThat(refusal.getStatus().getDescription()).contains(words);
            });
  }
}
