package io.intermodal.tests.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.intermodal.cri.v1.ContainerConfig;
import io.intermodal.cri.v1.ContainerFilter;
import io.intermodal.cri.v1.ContainerState;
import io.intermodal.cri.v1.ContainerStateValue;
import io.intermodal.cri.v1.ContainerStatus;
import io.intermodal.cri.v1.KeyValue;
import io.intermodal.cri.v1.ListContainersRequest;
import io.intermodal.cri.v1.RemoveContainerRequest;
import io.intermodal.cri.v1.StopContainerRequest;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.EngineKind;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.engine.NotOnCrio;
import io.intermodal.tests.engine.OnlyTranslated;
import io.intermodal.tests.engine.Repaired;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.HostProcess;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A container's life, from its creation to its exit code. */
@EndToEnd({
  EngineKind.TRANSLATED,
  EngineKind.FORWARDED,
  EngineKind.FORWARDED_NEWER,
  EngineKind.FORWARDED_CRIO,
  EngineKind.TRANSLATED_RKT
})
class ContainersIT {
  private static final String UNKNOWN_ID =
      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

  private final Cri cri;
  private final Node node;

  ContainersIT(Cri cri, Node node) {
    this.cri = cri;
    this.node = node;
  }

  @Test
  @NotOnCrio("has the init process of a created container in its cgroup")
  void a_container_is_created_then_running_then_exited_then_gone() {
    Pod pod = cri.runPod();
    Container container = pod.create(cri.shell("exec sleep 3600"));
    assertThat(container.state()).isEqualTo(ContainerState.CONTAINER_CREATED);
    assertThat(HostProcess.ofContainer(container.id())).isEmpty();

    container.start();
    assertThat(container.state()).isEqualTo(ContainerState.CONTAINER_RUNNING);
    HostProcess process = container.process();
    Await.until(
        "the shell is replaced by what it executes",
        Duration.ofSeconds(20),
        () -> process.commandLine().equals("sleep 3600"));

    container.stop(0);
    assertThat(container.state()).isEqualTo(ContainerState.CONTAINER_EXITED);
    assertThat(process.running()).isFalse();

    container.remove();
    assertThat(cri.containerIds()).doesNotContain(container.id());
  }

  @Test
  void the_status_says_what_was_asked_for() {
    Pod pod = cri.runPod();
    Container container =
        pod.startIdle(config -> config.putLabels("l", "1").putAnnotations("a", "2"));

    ContainerStatus status = container.status();

    assertThat(status.getMetadata()).isEqualTo(container.config().getMetadata());
    assertThat(status.getLabelsMap()).isEqualTo(container.config().getLabelsMap());
    assertThat(status.getAnnotationsMap()).isEqualTo(container.config().getAnnotationsMap());
    assertThat(status.getLogPath()).isEqualTo(container.logPath().toString());
    assertThat(status.getImage().getImage()).isEqualTo(container.config().getImage().getImage());
    assertThat(status.getImageRef()).isNotEmpty();
    assertThat(status.getCreatedAt()).isPositive();
    assertThat(status.getStartedAt()).isGreaterThanOrEqualTo(status.getCreatedAt());
    assertThat(status.getFinishedAt()).isZero();
  }

  @Test
  void exit_code_0_is_completed() {
    ContainerStatus status = cri.runPod().start("exit 0").awaitExit();

    assertThat(status.getExitCode()).isZero();
    assertThat(status.getReason()).isEqualTo("Completed");
    assertThat(status.getFinishedAt()).isGreaterThanOrEqualTo(status.getCreatedAt());
  }

  @Test
  void another_exit_code_is_an_error_with_that_code() {
    ContainerStatus status = cri.runPod().start("exit 3").awaitExit();

    assertThat(status.getExitCode()).isEqualTo(3);
    assertThat(status.getReason()).isEqualTo("Error");
  }

  @Test
  @NotOnCrio("sends the stop signal first, whatever the time given")
  void a_killed_container_has_exit_code_137() {
    Container container = cri.runPod().start("exec sleep 3600");

    container.stop(0);

    assertThat(container.status().getExitCode()).isEqualTo(137);
    assertThat(container.status().getReason()).isEqualTo("Error");
  }

  /** Of a process that ends at once an engine misses the kernel's notice now and then. */
  @Test
  void a_container_that_ran_out_of_memory_says_so() {
    Pod pod = cri.runPod();

    List<ContainerStatus> ends = IntStream.range(0, 5).mapToObj(_ -> outOfMemory(pod)).toList();

    assertThat(ends).extracting(ContainerStatus::getExitCode).containsOnly(137);
    assertThat(ends).extracting(ContainerStatus::getReason).contains("OOMKilled");
  }

  private static ContainerStatus outOfMemory(Pod pod) {
    return pod.start(
            "exec dd if=/dev/zero of=/dev/null bs=209715200 count=1",
            config -> {
              config
                  .getLinuxBuilder()
                  .getResourcesBuilder()
                  .setMemoryLimitInBytes(16 << 20)
                  .setMemorySwapLimitInBytes(16 << 20);
              return config;
            })
        .awaitExit();
  }

  @Test
  @NotOnCrio("says so when it is created")
  void a_command_that_does_not_exist_is_an_error_at_start_that_names_it() {
    Pod pod = cri.runPod();
    ContainerConfig.Builder config =
        cri.container(cri.testImages().busybox()).addCommand("/no/such/program");
    Container container = pod.create(config);

    assertThatThrownBy(container::start)
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("/no/such/program");

    ContainerStatus status = container.status();
    assertThat(status.getState()).isEqualTo(ContainerState.CONTAINER_EXITED);
    assertThat(status.getExitCode()).isIn(127, 128);
    assertThat(status.getReason()).isIn("ContainerCannotRun", "StartError");
    assertThat(status.getMessage()).contains("/no/such/program");
  }

  @Test
  void environment_and_working_directory_are_the_processs() {
    HostProcess process =
        cri.runPod()
            .start(
                "exec sleep 3600",
                config ->
                    config
                        .setWorkingDir("/var/log")
                        .addEnvs(env("GREETING", "hello = world\n two"))
                        .addEnvs(env("EMPTY", "")))
            .process();

    assertThat(process.environment()).contains("GREETING=hello = world\n two", "EMPTY=");
    assertThat(process.workingDirectory()).endsWith("/var/log");
  }

  @Test
  void what_the_image_says_holds_where_the_container_says_nothing() {
    Container container =
        node.ran(() -> cri.runPod().start(cri.container(cri.testImages().declared())), "stdout");

    assertThat(container.log().output("stdout")).isEqualTo("entrypoint from-image\n");
  }

  @Test
  void arguments_replace_the_images_arguments_and_keep_its_entry_point() {
    Container container =
        node.ran(
            () ->
                cri.runPod().start(cri.container(cri.testImages().declared()).addArgs("from-pod")),
            "stdout");

    assertThat(container.log().output("stdout")).isEqualTo("entrypoint from-pod\n");
  }

  @Test
  void a_command_replaces_entry_point_and_arguments() {
    Container container =
        node.ran(
            () ->
                cri.runPod()
                    .start(
                        cri.container(cri.testImages().declared())
                            .addCommand("/bin/sh")
                            .addCommand("-c")
                            .addCommand("echo $FROM_IMAGE; pwd")),
            "stdout");

    assertThat(container.log().output("stdout")).isEqualTo("yes\n/usr\n");
  }

  @Test
  void a_stop_lets_the_process_finish_its_work() {
    Container container =
        cri.runPod().start("trap 'echo bye; exit 7' TERM; while :; do sleep 0.1; done");
    awaitRunningShell(container);

    container.stop(30);

    assertThat(container.status().getExitCode()).isEqualTo(7);
    assertThat(container.log().output("stdout")).isEqualTo("bye\n");
  }

  @Test
  void a_process_that_does_not_listen_is_killed_after_the_time_given() {
    Container container = cri.runPod().start("trap '' TERM; while :; do sleep 0.1; done");
    awaitRunningShell(container);
    long start = System.nanoTime();

    container.stop(2);

    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(1900), Duration.ofSeconds(12));
    assertThat(container.status().getExitCode()).isEqualTo(137);
  }

  @Test
  void a_stop_with_a_time_of_0_kills_at_once() {
    Container container = cri.runPod().start("trap '' TERM; while :; do sleep 0.1; done");
    HostProcess process = container.process();

    container.stop(0);

    assertThat(process.running()).isFalse();
    assertThat(container.status().getExitCode()).isEqualTo(137);
  }

  @Test
  @Repaired
  void stop_and_remove_of_an_unknown_container_succeed() {
    assertThatCode(() ->
            cri.runtime()
                .stopContainer(
                    StopContainerRequest.newBuilder().setContainerId(UNKNOWN_ID).build()))
        .doesNotThrowAnyException();
    assertThatCode(() ->
            cri.runtime()
                .removeContainer(
                    RemoveContainerRequest.newBuilder().setContainerId(UNKNOWN_ID).build()))
        .doesNotThrowAnyException();
  }

  @Test
  void stop_and_remove_may_be_said_twice_and_before_the_start() {
    Container container = cri.runPod().create(cri.shell("exit 0"));

    assertThatCode(() -> container.stop(0)).doesNotThrowAnyException();
    assertThatCode(() -> container.stop(0)).doesNotThrowAnyException();
    container.remove();
    assertThatCode(container::remove).doesNotThrowAnyException();
  }

  @Test
  void a_running_container_may_be_removed() {
    Container container = cri.runPod().startIdle();
    HostProcess process = container.process();

    container.remove();

    assertThat(process.running()).isFalse();
    assertThat(cri.containerIds()).doesNotContain(container.id());
  }

  @Test
  @OnlyTranslated("refuses a container that it has")
  void creating_the_same_container_again_returns_the_same_container() {
    Pod pod = cri.runPod();
    ContainerConfig.Builder config = cri.shell("exec sleep 3600");

    assertThat(pod.create(config).id()).isEqualTo(pod.create(config).id());
  }

  @Test
  void another_attempt_is_another_container() {
    Pod pod = cri.runPod();
    ContainerConfig.Builder config = cri.shell("exit 1");
    Container first = pod.start(config);
    first.awaitExit();
    config.getMetadataBuilder().setAttempt(1);

    Container second = pod.start(config);

    assertThat(second.id()).isNotEqualTo(first.id());
    assertThat(second.status().getMetadata().getAttempt()).isEqualTo(1);
  }

  @Test
  void containers_are_found_by_id_pod_state_and_labels() {
    Pod pod = cri.runPod();
    Container running = pod.startIdle(config -> config.putLabels("which", "one"));
    Container exited = pod.start("exit 0", config -> config.putLabels("which", "two"));
    exited.awaitExit();
    Pod neighbour = cri.runPod();
    Container other = neighbour.startIdle(config -> config.putLabels("which", "one"));

    assertThat(list(ContainerFilter.newBuilder().setId(running.id())))
        .containsExactly(running.id());
    assertThat(list(ContainerFilter.newBuilder().setId(running.id().substring(0, 13))))
        .containsExactly(running.id());
    assertThat(list(ContainerFilter.newBuilder().setPodSandboxId(pod.id())))
        .containsExactlyInAnyOrder(running.id(), exited.id());
    assertThat(
            list(
                ContainerFilter.newBuilder()
                    .setPodSandboxId(pod.id())
                    .setState(
                        ContainerStateValue.newBuilder()
                            .setState(ContainerState.CONTAINER_EXITED))))
        .containsExactly(exited.id());
    assertThat(
            list(
                ContainerFilter.newBuilder()
                    .setPodSandboxId(neighbour.id())
                    .putLabelSelector("which", "one")))
        .containsExactly(other.id());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_terminal_is_there_when_asked_for(boolean tty) {
    Container container =
        node.ran(
            () -> cri.runPod().start("[ -t 1 ] && echo terminal || echo none", c -> c.setTty(tty)),
            "stdout");

    assertThat(container.log().lines())
        .singleElement()
        .satisfies(
            line -> assertThat(line.text().stripTrailing()).isEqualTo(tty ? "terminal" : "none"));
  }

  private static void awaitRunningShell(Container container) {
    Await.until(
        "the shell has set its trap and sleeps",
        Duration.ofSeconds(10),
        () -> HostProcess.ofContainer(container.id()).size() > 1);
  }

  private List<String> list(ContainerFilter.Builder filter) {
    return cri
        .runtime()
        .listContainers(ListContainersRequest.newBuilder().setFilter(filter).build())
        .getContainersList()
        .stream()
        .map(container -> container.getId())
        .toList();
  }

  private static KeyValue env(String key, String value) {
    return KeyValue.newBuilder().setKey(key).setValue(ByteString.copyFromUtf8(value)).build();
  }
}
