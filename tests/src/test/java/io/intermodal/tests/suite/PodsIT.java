package io.intermodal.tests.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.intermodal.cri.v1.PodSandbox;
import io.intermodal.cri.v1.PodSandboxConfig;
import io.intermodal.cri.v1.PodSandboxFilter;
import io.intermodal.cri.v1.PodSandboxState;
import io.intermodal.cri.v1.PodSandboxStateValue;
import io.intermodal.cri.v1.RunPodSandboxRequest;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.EngineKind;
import io.intermodal.tests.engine.NotOnCrio;
import io.intermodal.tests.engine.OnlyTranslated;
import io.intermodal.tests.engine.Repaired;
import io.intermodal.tests.host.HostProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A pod's life, how it is found, and that asking twice does no harm. */
@EndToEnd({
  EngineKind.TRANSLATED,
  EngineKind.FORWARDED,
  EngineKind.FORWARDED_NEWER,
  EngineKind.FORWARDED_CRIO,
  EngineKind.TRANSLATED_RKT
})
class PodsIT {
  private static final int RACERS = 8;
  private static final String UNKNOWN_ID =
      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

  private final Cri cri;

  PodsIT(Cri cri) {
    this.cri = cri;
  }

  @Test
  @NotOnCrio("adds labels of its own")
  void a_pod_that_was_run_is_ready_and_says_what_was_asked_for() {
    long before = System.currentTimeMillis() * 1_000_000;
    Pod pod = cri.runPod(config -> config.putLabels("a", "b").putAnnotations("c", "d e"));

    var status = pod.status();

    assertThat(status.getId()).isEqualTo(pod.id());
    assertThat(status.getState()).isEqualTo(PodSandboxState.SANDBOX_READY);
    assertThat(status.getMetadata()).isEqualTo(pod.config().getMetadata());
    assertThat(status.getLabelsMap()).isEqualTo(pod.config().getLabelsMap());
    assertThat(status.getAnnotationsMap()).isEqualTo(pod.config().getAnnotationsMap());
    assertThat(status.getCreatedAt())
        .isBetween(before - 1_000_000_000, System.currentTimeMillis() * 1_000_000 + 1_000_000_000);
  }

  @Test
  void a_stopped_pod_stays_in_the_list_as_not_ready_and_a_removed_one_does_not() {
    Pod pod = cri.runPod();

    pod.stop();
    assertThat(cri.ownPods())
        .singleElement()
        .extracting(PodSandbox::getState)
        .isEqualTo(PodSandboxState.SANDBOX_NOTREADY);
    assertThat(pod.ready()).isFalse();

    pod.remove();
    assertThat(cri.ownPods()).isEmpty();
  }

  @Test
  void a_stopped_pod_has_no_process_left() {
    Pod pod = cri.runPod();
    Container container = pod.startIdle();
    List<HostProcess> processes = new ArrayList<>(HostProcess.ofContainer(container.id()));
    processes.addAll(HostProcess.ofContainer(pod.id()));
    assertThat(processes).hasSizeGreaterThanOrEqualTo(2);

    pod.stop();

    assertThat(processes).noneMatch(HostProcess::running);
  }

  @Test
  void pods_are_found_by_id_and_by_the_beginning_of_an_id() {
    Pod one = cri.runPod();
    var _ = cri.runPod();

    assertThat(cri.podIds(PodSandboxFilter.newBuilder().setId(one.id()).build()))
        .containsExactly(one.id());
    assertThat(cri.podIds(PodSandboxFilter.newBuilder().setId(one.id().substring(0, 13)).build()))
        .containsExactly(one.id());
  }

  @Test
  void pods_are_found_by_all_labels_together() {
    Pod one = cri.runPod(config -> config.putLabels("app", "web").putLabels("tier", "front"));
    Pod two = cri.runPod(config -> config.putLabels("app", "web").putLabels("tier", "back"));

    assertThat(cri.podIds(own().putLabelSelector("app", "web").build()))
        .containsExactlyInAnyOrder(one.id(), two.id());
    assertThat(
            cri.podIds(
                own().putLabelSelector("app", "web").putLabelSelector("tier", "back").build()))
        .containsExactly(two.id());
    assertThat(cri.podIds(own().putLabelSelector("app", "mail").build())).isEmpty();
  }

  @Test
  void pods_are_found_by_state() {
    Pod running = cri.runPod();
    Pod stopped = cri.runPod();
    stopped.stop();

    assertThat(cri.podIds(own().setState(state(PodSandboxState.SANDBOX_READY)).build()))
        .containsExactly(running.id());
    assertThat(cri.podIds(own().setState(state(PodSandboxState.SANDBOX_NOTREADY)).build()))
        .containsExactly(stopped.id());
  }

  @Test
  @OnlyTranslated("lists in no order")
  void the_newest_pod_comes_first() {
    Pod first = cri.runPod();
    Pod second = cri.runPod();
    Pod third = cri.runPod();

    assertThat(cri.podIds(own().build())).containsExactly(third.id(), second.id(), first.id());
  }

  @Test
  @Repaired
  void stop_and_remove_of_an_unknown_pod_succeed() {
    assertThatCode(() -> cri.stopPod(UNKNOWN_ID)).doesNotThrowAnyException();
    assertThatCode(() -> cri.removePod(UNKNOWN_ID)).doesNotThrowAnyException();
  }

  @Test
  void stop_and_remove_may_be_said_twice() {
    Pod pod = cri.runPod();

    pod.stop();
    assertThatCode(pod::stop).doesNotThrowAnyException();
    pod.remove();
    assertThatCode(pod::remove).doesNotThrowAnyException();
  }

  @Test
  @OnlyTranslated("refuses to remove what is being removed")
  void racing_stops_and_removes_all_succeed() throws Exception {
    Pod pod = cri.runPod();
    var _ = pod.startIdle();

    race(() -> {
      pod.stop();
      return pod.id();
    });
    race(() -> {
      pod.remove();
      return pod.id();
    });

    assertThat(cri.ownPods()).isEmpty();
  }

  @Test
  void removing_a_running_pod_removes_it_with_its_containers() {
    Pod pod = cri.runPod();
    Container container = pod.startIdle();
    HostProcess process = container.process();

    pod.remove();

    assertThat(cri.ownPods()).isEmpty();
    assertThat(cri.containerIds()).doesNotContain(container.id());
    assertThat(process.running()).isFalse();
  }

  @Test
  @OnlyTranslated("refuses a pod that it has")
  void running_the_same_pod_again_returns_the_same_pod() {
    PodSandboxConfig config = cri.podConfig().build();
    Pod first = cri.runPod(config);

    Pod again = cri.runPod(config);

    assertThat(again.id()).isEqualTo(first.id());
    assertThat(cri.ownPods()).hasSize(1);
  }

  @Test
  @OnlyTranslated("refuses a pod that it has")
  void running_the_same_pod_many_times_at_once_makes_one_pod() throws Exception {
    PodSandboxConfig config = cri.podConfig().build();

    List<String> ids = race(() -> cri.runPod(config).id());

    assertThat(ids).hasSize(RACERS).containsOnly(ids.getFirst());
    assertThat(cri.ownPods()).hasSize(1);
  }

  @Test
  void another_attempt_is_another_pod() {
    PodSandboxConfig.Builder config = cri.podConfig();
    Pod first = cri.runPod(config.build());
    first.stop();
    config.getMetadataBuilder().setAttempt(1);

    Pod second = cri.runPod(config.build());

    assertThat(second.id()).isNotEqualTo(first.id());
    assertThat(second.status().getMetadata().getAttempt()).isEqualTo(1);
    assertThat(cri.ownPods()).hasSize(2);
  }

  @Test
  void an_unknown_runtime_handler_is_refused_with_its_name_and_leaves_nothing() {
    String handler = "no-such-" + UUID.randomUUID();
    var request =
        RunPodSandboxRequest.newBuilder()
            .setConfig(cri.podConfig())
            .setRuntimeHandler(handler)
            .build();

    assertThatCode(() -> cri.runtime().runPodSandbox(request)).hasMessageContaining(handler);
    assertThat(cri.ownPods()).isEmpty();
  }

  private PodSandboxFilter.Builder own() {
    return PodSandboxFilter.newBuilder().putLabelSelector(Cri.SESSION_LABEL, cri.session());
  }

  private static PodSandboxStateValue state(PodSandboxState state) {
    return PodSandboxStateValue.newBuilder().setState(state).build();
  }

  private static List<String> race(Callable<String> call)
      throws InterruptedException, ExecutionException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> racers = new ArrayList<>();
      for (int i = 0; i < RACERS; i++) {
        racers.add(threads.submit(call));
      }
      List<String> results = new ArrayList<>();
      for (Future<String> racer : racers) {
        results.add(racer.get());
      }
      return results;
    }
  }
}
