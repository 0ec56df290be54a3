package io.intermodal.rkt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.cri.v1.ContainerState;
import io.intermodal.cri.v1.ListContainersRequest;
import io.intermodal.cri.v1.ListPodSandboxRequest;
import io.intermodal.cri.v1.Mount;
import io.intermodal.cri.v1.PodSandboxState;
import io.intermodal.cri.v1.RemoveContainerRequest;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** RPCs over the stand-in: what rkt says wrongly, does half way or does not do at all. */
@Timeout(180)
class RktConnectionTest extends ServedStandIn {
  @Test
  void a_pod_is_ready_until_it_is_stopped_and_listed_until_it_is_removed() throws IOException {
    String pod = runPod();

    assertThat(standIn.pods()).as("the trial's is gone").containsExactly(pod);
    assertThat(stateOf(pod)).isEqualTo(PodSandboxState.SANDBOX_READY);
    assertThat(
            rkt.listPodSandbox(ListPodSandboxRequest.getDefaultInstance(), Call.UNBOUNDED)
                .getItemsList())
        .hasSize(1);

    stopPod(pod);
    stopPod(pod);
    assertThat(stateOf(pod)).isEqualTo(PodSandboxState.SANDBOX_NOTREADY);

    removePod(pod);
    removePod(pod);
    assertThat(standIn.pods()).isEmpty();
    assertThat(placesOfPods()).isEmpty();
  }

  @Test
  void a_container_is_created_until_it_is_started_whatever_the_list_of_pods_says() {
    String pod = runPod();
    String container = create(pod, "sleep 1000");

    assertThat(status(container).getState()).isEqualTo(ContainerState.CONTAINER_CREATED);

    start(container);
    assertThat(status(container).getState()).isEqualTo(ContainerState.CONTAINER_RUNNING);
    assertThat(
            rkt.listContainers(ListContainersRequest.getDefaultInstance(), Call.UNBOUNDED)
                .getContainersList())
        .extracting(io.intermodal.cri.v1.Container::getState)
        .containsExactly(ContainerState.CONTAINER_RUNNING);
  }

  @Test
  void who_is_told_of_the_end_finds_all_that_was_said() {
    String container = create(runPod(), "echo one; echo two >&2; printf 'no end'; exit 3");
    start(container);
    awaitExit(container);

    assertThat(status(container).getExitCode()).isEqualTo(3);
    assertThat(status(container).getReason()).isEqualTo("Error");
    assertThat(words.of(container))
        .containsExactlyInAnyOrder("STDOUT one", "STDERR two", "STDOUT no end");
  }

  @Test
  void a_signal_is_no_exit_code_though_rkt_says_so() {
    String pod = runPod();
    String killed = create(pod, "kill -9 $$");
    String exited = create(pod, "exit 9");
    start(killed);
    start(exited);
    awaitExit(killed);
    awaitExit(exited);

    assertThat(status(killed).getExitCode()).isEqualTo(137);
    assertThat(status(exited).getExitCode()).isEqualTo(9);
  }

  @Test
  void a_command_that_is_not_there_is_an_error_though_rkt_calls_it_a_success() {
    String container =
        create(runPod(), config -> config.clearCommand().addCommand("/nonexistent/program"));

    assertThatThrownBy(() -> start(container))
        .isInstanceOf(CriException.class)
        .hasMessageContaining("/nonexistent/program cannot be run");

    assertThat(status(container).getState()).isEqualTo(ContainerState.CONTAINER_EXITED);
    assertThat(status(container).getReason()).isEqualTo("StartError");
    assertThat(status(container).getExitCode()).isEqualTo(128);
  }

  @Test
  void what_ignores_its_signal_is_killed_after_the_time_given_and_not_after_rkts() {
    String container = create(runPod(), "trap '' TERM; echo deaf; while :; do sleep 0.05; done");
    start(container);
    until(() -> words.of(container).contains("STDOUT deaf"));

    long before = System.nanoTime();
    stop(container, 1);

    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(60));
    assertThat(status(container).getState()).isEqualTo(ContainerState.CONTAINER_EXITED);
    assertThat(status(container).getExitCode()).isEqualTo(137);
  }

  @Test
  void what_rkt_added_half_way_is_no_container_and_can_be_created_again() throws IOException {
    String pod = runPod();

    assertThatThrownBy(() ->
            create(
                pod,
                config ->
                    config.addMounts(
                        Mount.newBuilder()
                            .setHostPath("/missing/source")
                            .setContainerPath("/mnt"))))
        .isInstanceOf(CriException.class);
    assertThat(
            rkt.listContainers(ListContainersRequest.getDefaultInstance(), Call.UNBOUNDED)
                .getContainersList())
        .isEmpty();

    String container = create(pod, "exit 0");
    start(container);
    awaitExit(container);
    assertThat(standIn.rkt().appStates(pod)).as("rkt keeps it").hasSize(2);
    rkt.close();
    rkt = connection();
    assertThat(status(container).getExitCode()).isZero();
    assertThat(
            rkt.listContainers(ListContainersRequest.getDefaultInstance(), Call.UNBOUNDED)
                .getContainersList())
        .as("and a server that is started again does not take it for one")
        .hasSize(1);

    removePod(pod);
    assertThat(standIn.pods()).isEmpty();
  }

  @Test
  void a_created_container_that_is_created_again_is_the_same() {
    String pod = runPod();
    String first = create(pod, "exit 0");

    assertThat(create(pod, "exit 0")).isEqualTo(first);
    assertThat(standIn.rkt().appStates(pod)).hasSize(1);

    start(first);
    assertThatThrownBy(() -> create(pod, "exit 0"))
        .isInstanceOf(CriException.class)
        .extracting(e -> ((CriException) e).code())
        .isEqualTo(Code.ALREADY_EXISTS);
  }

  @Test
  void a_pod_that_does_not_come_up_is_told_in_rkts_words_and_leaves_nothing() throws IOException {
    standIn.sandboxFails("stage1: failed to setup network: networks not found: nosuch");

    assertThatThrownBy(this::runPod)
        .isInstanceOf(CriException.class)
        .hasMessageContaining("networks not found: nosuch");

    assertThat(standIn.pods()).as("rkt keeps it").isEmpty();
    assertThat(placesOfPods()).isEmpty();
    standIn.sandboxFails("");
    assertThat(runPod()).isNotEmpty();
  }

  @Test
  void a_stage1_without_apps_is_said_with_the_cure_and_no_pod_is_tried() throws IOException {
    rkt.close();
    standIn.sandboxFails("stage0: stage1 does not support mutable pods");
    rkt = connection();
    until(() -> trouble().orElse("").contains("fly flavour"));

    assertThatThrownBy(this::runPod)
        .isInstanceOf(CriException.class)
        .hasMessageContaining("rkt cannot run pods here")
        .extracting(e -> ((CriException) e).code())
        .isEqualTo(Code.FAILED_PRECONDITION);
  }

  @Test
  void a_server_that_is_started_again_knows_everything_and_what_ended_meanwhile() {
    String pod = runPod();
    String living = create(pod, "echo before; sleep 1000");
    String dying =
        create(
            pod,
            config ->
                named(
                    "dying",
                    "while [ ! -e %s ]; do sleep 0.02; done; echo last; exit 5"
                        .formatted(folder.resolve("go")),
                    config));
    String waiting = create(pod, config -> named("waiting", "exit 0", config));
    start(living);
    start(dying);
    rkt.close();
    words = new SpokenWords();
    assertThat(folder.resolve("go").toFile().mkdir()).isTrue();
    until(() -> standIn.rkt().appStates(pod).containsValue("exited"));

    rkt = connection();

    assertThat(status(living).getState()).isEqualTo(ContainerState.CONTAINER_RUNNING);
    assertThat(status(waiting).getState()).isEqualTo(ContainerState.CONTAINER_CREATED);
    assertThat(status(dying).getExitCode()).isEqualTo(5);
    until(() -> words.of(dying).contains("STDOUT last"));
    until(() -> words.of(living).contains("STDOUT before"));
  }

  @Test
  void a_pod_that_is_killed_by_hand_is_not_ready_and_its_containers_were_killed() {
    String pod = runPod();
    String container = create(pod, "sleep 1000");
    start(container);

    standIn.rkt().killPod("pod", pod);

    until(() -> stateOf(pod) == PodSandboxState.SANDBOX_NOTREADY);
    until(() -> status(container).getState() == ContainerState.CONTAINER_EXITED);
    assertThat(status(container).getExitCode()).isEqualTo(137);
    removePod(pod);
  }

  @Test
  void a_container_goes_with_what_was_recorded_of_it() throws IOException {
    String pod = runPod();
    String container = create(pod, "echo text; sleep 1000");
    start(container);
    until(() -> words.of(container).contains("STDOUT text"));

    var _ =
        rkt.removeContainer(
            RemoveContainerRequest.newBuilder().setContainerId(container).build(), Call.UNBOUNDED);
    var _ =
        rkt.removeContainer(
            RemoveContainerRequest.newBuilder().setContainerId(container).build(), Call.UNBOUNDED);

    assertThat(standIn.rkt().appStates(pod)).isEmpty();
    try (Stream<Path> files = Files.walk(folder.resolve("work"))) {
      assertThat(files.map(Path::toString)).noneMatch(file -> file.endsWith(".raw"));
    }
  }
}
