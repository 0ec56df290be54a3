package io.intermodal.tests.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.intermodal.cri.v1.ContainerState;
import io.intermodal.cri.v1.VersionRequest;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.CriChannel;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.EngineKind;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.LogFile.Line;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** An engine that speaks v1alpha2 alone, and a client that speaks v1. */
@EnabledIfSystemProperty(
    named = "intermodal.tests.containerd.old",
    matches = ".+",
    disabledReason = "no containerd of v1alpha2 alone (Debian's bullseye has one)")
@EndToEnd(EngineKind.FORWARDED_OLD)
class OldEngineIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final Node node;
  private final Cri cri;

  OldEngineIT(Node node, Cri cri) {
    this.node = node;
    this.cri = cri;
  }

  @Test
  void a_client_of_v1_is_served_by_an_engine_of_v1alpha2() {
    try (CriChannel engine = new CriChannel(node.containerd().socket())) {
      var directly = engine.runtime();
      assertThatThrownBy(() -> directly.version(VersionRequest.getDefaultInstance()))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              refusal ->
                  assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED));
    }

    Container container =
        cri.runPod().start("echo said; trap 'exit 0' TERM; while :; do sleep 3600 & wait $!; done");

    assertThat(container.output("echo here")).isEqualTo("here");
    assertThat(cri.containerIds()).contains(container.id());
    Await.until(
        "the word is in the log",
        SOON,
        () -> container.log().lines().stream().map(Line::text).toList().contains("said"));
    container.stop(2);
    assertThat(container.status().getState()).isEqualTo(ContainerState.CONTAINER_EXITED);
    assertThat(container.status().getExitCode()).isZero();
  }
}
