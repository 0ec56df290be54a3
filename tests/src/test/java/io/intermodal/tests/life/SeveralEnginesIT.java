package io.intermodal.tests.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.intermodal.cri.v1.ContainerEventType;
import io.intermodal.cri.v1.FilesystemUsage;
import io.intermodal.cri.v1.ImageFsInfoRequest;
import io.intermodal.cri.v1.ImageSpec;
import io.intermodal.cri.v1.ImageStatusRequest;
import io.intermodal.cri.v1.PodSandbox;
import io.intermodal.cri.v1.PodSandboxState;
import io.intermodal.cri.v1.PullImageRequest;
import io.intermodal.cri.v1.RuntimeHandler;
import io.intermodal.cri.v1.StatusRequest;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.CriChannel;
import io.intermodal.tests.cri.Events;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.EngineKind;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.LogFile.Line;
import io.intermodal.tests.image.TestImages.Image;
import io.intermodal.tests.streaming.CommandSession;
import io.intermodal.tests.streaming.PortSession;
import io.intermodal.tests.streaming.PortTransport;
import io.intermodal.tests.streaming.Streams;
import io.intermodal.tests.streaming.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.opentest4j.TestAbortedException;

/**
 * Docker, the default engine, and containerd behind one socket. One test at a time: engines die.
 */
@EndToEnd(EngineKind.SEVERAL)
@Execution(ExecutionMode.SAME_THREAD)
class SeveralEnginesIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  /** By when an engine's absence shows, and everything is right after its return. */
  private static final Duration PROMPTLY = Duration.ofSeconds(5);

  private static final Duration USUAL = Duration.ofSeconds(1);
  private static final String FIRST_WITH_EVENTS = "1.7";
  private static final String DOCKER = "docker";
  private static final String CONTAINERD = "containerd";
  private static final String CONTAINERD_IS_READY = "RuntimeReady/containerd";
  private static final int PORT = 7007;

  private final Node node;
  private final Cri cri;

  SeveralEnginesIT(Node node, Cri cri) {
    this.node = node;
    this.cri = cri;
  }

  @Test
  @Timeout(180)
  void three_pods_on_each_are_one_list_of_six_and_all_of_them_can_be_used() throws IOException {
    List<Container> onDocker = threeOn(DOCKER);
    List<Container> onContainerd = threeOn(CONTAINERD);

    assertThat(cri.ownPods()).extracting(PodSandbox::getId).hasSize(6).doesNotHaveDuplicates();
    assertThat(node.docker().api().containerIds())
        .containsAll(onDocker.stream().map(container -> container.pod().id()).toList());
    assertThat(podsOfContainerdItself())
        .containsAll(onContainerd.stream().map(container -> container.pod().id()).toList())
        .doesNotContainAnyElementsOf(
            onDocker.stream().map(container -> container.pod().id()).toList());
    for (Container container : both(onDocker, onContainerd)) {
      use(container);
    }
  }

  @Test
  @Timeout(240)
  void a_killed_containerd_takes_nothing_from_dockers_pods_and_nothing_is_lost_until_its_return()
      throws IOException {
    List<Container> onDocker = threeOn(DOCKER);
    List<Container> onContainerd = threeOn(CONTAINERD);
    Map<String, PodSandboxState> pods = states();
    List<String> containers = cri.containerIds();

    node.containerd().kill();
    try {
      Await.until(
          "Status says that containerd is away",
          PROMPTLY,
          () -> node.conditions().equals(withoutContainerd()));
      assertThat(states()).isEqualTo(pods);
      assertUsual("ListPodSandbox", () -> assertThat(states()).isEqualTo(pods));
      assertUsual(
          "ListContainers",
          () -> assertThat(cri.containerIds()).containsExactlyInAnyOrderElementsOf(containers));
      assertUsual("PodSandboxStatus", () -> assertThat(onDocker.getFirst().pod().ready()).isTrue());
      assertThat(onDocker.getFirst().output("echo here")).isEqualTo("here");
      assertUnavailable(() -> onContainerd.getFirst().pod().stop());
      assertUnavailable(() -> onContainerd.getFirst().status());

      node.server().kill();
      node.restartServer();

      assertThat(states()).isEqualTo(pods);
      assertThat(onDocker.getFirst().output("echo here")).isEqualTo("here");
      assertUnavailable(() -> onContainerd.getFirst().pod().stop());
    } finally {
      node.containerd().startAgain();
    }
    Await.until(
        "containerd is ready and its containers can be used",
        PROMPTLY,
        () -> node.conditions().getOrDefault(CONTAINERD_IS_READY, false) && answers(onContainerd));
    assertThat(states()).isEqualTo(pods);
    assertThat(cri.containerIds()).containsExactlyInAnyOrderElementsOf(containers);

    node.server().kill();
    node.restartServer();

    assertThat(states()).isEqualTo(pods);
    for (Container container : both(onDocker, onContainerd)) {
      use(container);
    }
    onContainerd.getFirst().pod().stop();
    assertThat(onContainerd.getFirst().pod().ready()).isFalse();
  }

  @Test
  @Timeout(120)
  void a_containerd_that_does_not_answer_holds_up_its_own_calls_alone() {
    List<Container> onDocker = List.of(idleOn(DOCKER));
    Container onContainerd = idleOn(CONTAINERD);
    Map<String, PodSandboxState> pods = states();

    node.containerd().process().pause();
    try {
      Await.until(
          "Status says that containerd is away",
          SOON,
          () -> node.conditions().equals(withoutContainerd()));

      assertUsual("ListPodSandbox", () -> assertThat(states()).isEqualTo(pods));
      assertUsual("ExecSync", () -> assertThat(answers(onDocker)).isTrue());
    } finally {
      node.containerd().process().resume();
    }
    Await.until(
        "containerd is ready and its container can be used",
        PROMPTLY,
        () ->
            node.conditions().getOrDefault(CONTAINERD_IS_READY, false)
                && answers(List.of(onContainerd)));
  }

  @Test
  @Timeout(120)
  void an_image_is_pulled_to_the_engine_of_the_pod_that_it_is_for() {
    Image image = cri.testImages().unique();
    cri.removeImageAtEnd(image.byTag());
    Pod pod = cri.runPodBy(CONTAINERD);

    // At once, as kubelets do: nothing was listed in between.
    pod.pull(image.byTag());

    assertThat(has(CONTAINERD, image)).isTrue();
    assertThat(has(DOCKER, image)).isFalse();
    assertThat(cri.image(image.byTag())).isPresent();
    assertThat(cri.listImages())
        .filteredOn(listed -> listed.getRepoTagsList().contains(image.byTag()))
        .hasSize(1);
  }

  @Test
  @Timeout(120)
  void an_image_is_pulled_to_the_engine_that_its_handler_names_and_removed_from_all() {
    Image image = cri.testImages().unique();
    for (String handler : List.of(DOCKER, Node.HANDLER_OF_CONTAINERD)) {
      var _ =
          cri.images()
              .pullImage(PullImageRequest.newBuilder().setImage(onEngine(handler, image)).build());
    }
    assertThat(has(DOCKER, image)).isTrue();
    assertThat(has(CONTAINERD, image)).isTrue();

    cri.removeImage(image.byTag());

    assertThat(has(DOCKER, image)).isFalse();
    assertThat(has(CONTAINERD, image)).isFalse();
  }

  @Test
  @Timeout(120)
  void names_of_runtime_classes_pick_the_engine_and_the_handler_inside_it() {
    List<Pod> pods =
        List.of(
            cri.runPodBy(CONTAINERD),
            cri.runPodBy("containerd/runc"),
            cri.runPodBy(Node.HANDLER_OF_CONTAINERD),
            cri.runPodBy(Node.HANDLER_INSIDE_CONTAINERD));
    Pod byDefault = cri.runPodBy("");

    assertThat(podsOfContainerdItself())
        .containsAll(pods.stream().map(Pod::id).toList())
        .doesNotContain(byDefault.id());
    assertThat(node.docker().api().containerIds()).contains(byDefault.id());
    assertThat(cri.runtime().status(StatusRequest.getDefaultInstance()).getRuntimeHandlersList())
        .extracting(RuntimeHandler::getName)
        .contains("", DOCKER, CONTAINERD, Node.HANDLER_OF_CONTAINERD)
        .doesNotHaveDuplicates();
  }

  @Test
  void a_handler_of_an_engine_that_is_not_served_is_refused_by_name() {
    assertThatThrownBy(() -> cri.runPodBy("cri-o"))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            refusal -> {
              assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
              assertThat(refusal.getStatus().getDescription())
                  .contains("cri-o", "docker, containerd", "--container-runtime");
            });
    assertThat(cri.ownPods()).isEmpty();
  }

  @Test
  void a_handler_that_no_engine_has_is_refused_by_name() {
    for (String handler : List.of("no-such-one", "containerd/no-such-one")) {
      assertThatThrownBy(() -> cri.runPodBy(handler)).hasMessageContaining("no-such-one");
    }
    assertThat(cri.ownPods()).isEmpty();
  }

  @Test
  void the_default_engines_file_system_of_images_comes_first_and_each_comes_once() {
    List<FilesystemUsage> all =
        cri.images().imageFsInfo(ImageFsInfoRequest.getDefaultInstance()).getImageFilesystemsList();

    assertThat(all)
        .extracting(usage -> usage.getFsId().getMountpoint())
        .hasSize(2)
        .doesNotHaveDuplicates()
        .satisfies(folders -> {
          assertThat(folders.get(0)).contains("/docker/");
          assertThat(folders.get(1)).contains("/containerd/");
        });
  }

  @Test
  @Timeout(180)
  void events_of_both_come_in_one_stream_or_it_says_whose_are_missing() {
    if (node.containerd().version().compareTo(FIRST_WITH_EVENTS) < 0) {
      try (Events events = cri.events()) {
        assertThat(events.awaitEnd().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
        assertThat(events.awaitEnd().getDescription()).contains(CONTAINERD, "list instead");
      }
      throw new TestAbortedException("this containerd gives no events");
    }
    // A containerd to which nothing happens must not keep Docker's events back.
    try (Events events = cri.events()) {
      assertTold(events, idleOn(DOCKER));
      assertThat(events.areTold(() -> cri.runPodBy(CONTAINERD))).isTrue();
      assertTold(events, idleOn(CONTAINERD));
      assertTold(events, idleOn(DOCKER));
    }
  }

  private static void assertTold(Events events, Container container) {
    var _ = events.await(container.id(), ContainerEventType.CONTAINER_CREATED_EVENT);
    var _ = events.await(container.id(), ContainerEventType.CONTAINER_STARTED_EVENT);
    container.stop(0);
    var _ = events.await(container.id(), ContainerEventType.CONTAINER_STOPPED_EVENT);
  }

  private List<Container> threeOn(String engine) {
    List<Container> containers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      containers.add(idleOn(engine));
    }
    return containers;
  }

  /** Its pod, with a container that says a word to its log and then does nothing. */
  private Container idleOn(String engine) {
    Pod pod = cri.runPodBy(engine);
    pod.pull(cri.testImages().busybox().byTag());
    return pod.start(
        "echo said; trap 'exit 0' TERM; echo-server %d & while :; do sleep 3600 & wait $!; done"
            .formatted(PORT));
  }

  private static List<Container> both(List<Container> one, List<Container> other) {
    List<Container> all = new ArrayList<>(one);
    all.addAll(other);
    return all;
  }

  /** Does with a container what clients do. */
  private static void use(Container container) throws IOException {
    assertThat(container.output("cat /proc/sys/kernel/hostname"))
        .isEqualTo(container.pod().config().getHostname());
    List<String> command = List.of("/bin/sh", "-c", "echo out; echo err >&2; exit 3");
    try (CommandSession session =
        Transport.SPDY_V4.open(container.execUrl(Streams.OUTPUT, command), Streams.OUTPUT)) {
      CommandSession.Outcome outcome = session.finish();
      assertThat(outcome.output()).isEqualTo("out\n");
      assertThat(outcome.errors()).isEqualTo("err\n");
      assertThat(outcome.status().code()).hasValue(3);
    }
    Await.until(
        "the word is in the log",
        SOON,
        () -> container.log().lines().stream().map(Line::text).toList().contains("said"));
    List<Integer> ports = List.of(PORT);
    try (PortSession session =
            PortTransport.SPDY.open(container.pod().portForwardUrl(ports), ports);
        PortSession.Connection connection = session.connect(PORT)) {
      connection.out().write(new byte[] {42});
      assertThat(connection.in().read()).isEqualTo(42);
    }
  }

  private static boolean answers(List<Container> containers) {
    try {
      return containers.stream().allMatch(container -> container.exec("true").getExitCode() == 0);
    } catch (StatusRuntimeException e) {
      return false;
    }
  }

  /** The pods of this test and their states. */
  private Map<String, PodSandboxState> states() {
    Map<String, PodSandboxState> states = new TreeMap<>();
    cri.ownPods().forEach(pod -> states.put(pod.getId(), pod.getState()));
    return states;
  }

  /** Docker is as ready as the node; of containerd no more is told than that it is away. */
  private static Map<String, Boolean> withoutContainerd() {
    return Map.of(
        "RuntimeReady",
        true,
        "NetworkReady",
        true,
        "RuntimeReady/docker",
        true,
        "NetworkReady/docker",
        true,
        CONTAINERD_IS_READY,
        false);
  }

  private static void assertUsual(String what, Runnable call) {
    for (int i = 0; i < 10; i++) {
      long start = System.nanoTime();
      call.run();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).as(what).isLessThan(USUAL);
    }
  }

  private static void assertUnavailable(Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failure -> {
              assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
              assertThat(failure.getStatus().getDescription()).contains(CONTAINERD);
            });
  }

  private List<String> podsOfContainerdItself() {
    try (CriChannel channel = new CriChannel(node.containerd().socket())) {
      return channel.podIds();
    }
  }

  private static ImageSpec onEngine(String handler, Image image) {
    return Cri.imageSpec(image.byTag()).toBuilder().setRuntimeHandler(handler).build();
  }

  private boolean has(String engine, Image image) {
    return cri.images()
        .imageStatus(ImageStatusRequest.newBuilder().setImage(onEngine(engine, image)).build())
        .hasImage();
  }
}
