package io.intermodal.rkt.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.cri.v1.ContainerMetadata;
import io.intermodal.cri.v1.ContainerState;
import io.intermodal.cri.v1.ContainerStatus;
import io.intermodal.cri.v1.PodSandboxMetadata;
import io.intermodal.cri.v1.PodSandboxStatus;
import io.intermodal.rkt.command.Rkt;
import io.intermodal.rkt.command.RktCommand;
import io.intermodal.rkt.command.StandIn;
import io.intermodal.rkt.image.ImageIndex;
import io.intermodal.rkt.pod.Input;
import io.intermodal.rkt.spec.OwnAnnotations;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.node.NodeServices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class IndexFeedTest {
  private static final String POD = "28665c8c-1111-2222-3333-444444444444";
  private static final String OTHERS = "99999999-1111-2222-3333-444444444444";
  private static final IndexFeed.Pace FAST =
      new IndexFeed.Pace(Duration.ofMillis(20), Duration.ofMillis(50), Duration.ofMillis(50));

  @TempDir Path folder;
  private StandIn standIn;
  private final TestNode node = new TestNode();
  private final Index index = new Index(IndexObserver.NONE);
  private final EngineState engine = new EngineState();
  private Supplier<Optional<Path>> trial = Optional::empty;
  private final Set<String> swept = ConcurrentHashMap.newKeySet();
  private @Nullable IndexFeed feed;

  @BeforeEach
  void make_rkt() throws IOException {
    standIn = StandIn.in(folder.resolve("rkt"));
  }

  @AfterEach
  void stop() {
    if (feed != null) {
      feed.close();
    }
  }

  @Test
  void what_is_ours_is_found_and_what_is_not_is_left_alone() throws IOException {
    standIn.pod(POD, "exited", pod("p"));
    standIn.app(POD, "0-a-1", "exited", container("id1", "a"));
    standIn.app(POD, "0-b-2", "created", container("id2", "b"));
    standIn.app(POD, "by-hand", "created", Map.of());
    standIn.pod(OTHERS, "exited", Map.of());

    start(standIn.command());

    assertThat(index.sandboxes()).extracting(Sandbox::id).containsExactly(POD);
    assertThat(index.sandbox(POD).orElseThrow().metadata().getName()).isEqualTo("p");
    assertThat(index.containersOf(POD))
        .extracting(Container::id)
        .containsExactlyInAnyOrder("id1", "id2");
    assertThat(index.container("id2").orElseThrow().state())
        .as("the list of pods says that it runs")
        .isEqualTo(ContainerState.CONTAINER_CREATED);
    assertThat(node.asked).anyMatch(call -> call.startsWith("retainOnly") && call.contains(POD));
    assertThat(swept).as("all other places are given back").containsExactly("place");
  }

  @Test
  void a_container_that_was_killed_with_its_pod_ended_by_signal_9_and_stays_so()
      throws IOException {
    standIn.pod(POD, "exited", pod("p"));
    standIn.app(POD, "0-a-1", "exited", container("id1", "a"));

    start(standIn.command());

    ContainerStatus status = index.container("id1").orElseThrow().status();
    assertThat(status.getExitCode()).isEqualTo(137);
    assertThat(status.getFinishedAt()).isPositive();
    assertThat(Notes.load(node.services(folder).state().within("containers")).end("id1"))
        .as("as a next server finds it")
        .map(AppEnd::finishedAt)
        .contains(status.getFinishedAt());
  }

  @Test
  void an_exit_code_of_an_ended_pod_is_what_rkt_says() throws IOException {
    standIn.pod(POD, "exited", pod("p"));
    Files.writeString(
        standIn.app(POD, "0-a-1", "exited", container("id1", "a")).resolve("code"), "3");

    start(standIn.command());

    ContainerStatus status = index.container("id1").orElseThrow().status();
    assertThat(status.getExitCode()).isEqualTo(3);
    assertThat(status.getReason()).isEqualTo("Error");
    assertThat(status.getFinishedAt()).isEqualTo(1795418609206795384L);
  }

  @Test
  void what_rkt_refused_half_way_is_no_container() throws IOException {
    standIn.pod(POD, "exited", pod("p"));
    standIn.app(POD, "0-a-1", "created", container("id1", "a"));
    Notes.load(node.services(folder).state().within("containers")).noteLeftover("id1");

    start(standIn.command());

    assertThat(index.containers()).isEmpty();
  }

  @Test
  void what_others_remove_by_hand_is_forgotten() throws IOException {
    Path pod = standIn.pod(POD, "exited", pod("p"));
    standIn.app(POD, "0-a-1", "exited", container("id1", "a"));
    start(standIn.command());
    assertThat(index.knows("id1")).isTrue();

    Files.move(pod, folder.resolve("removed"));

    until(() -> index.sandboxes().isEmpty() && index.containers().isEmpty());
    until(() -> node.asked.containsAll(List.of("forget[id1]", "forget[" + POD + "]")));
  }

  @Test
  void lists_keep_their_content_while_rkt_cannot_be_run_and_the_status_says_so()
      throws IOException {
    standIn.pod(POD, "exited", pod("p"));
    start(standIn.command());

    Files.move(standIn.folder().resolve("rkt"), folder.resolve("away"));
    until(() -> engine.now().trouble().isPresent());

    assertThat(index.sandboxes()).hasSize(1);
    Files.move(folder.resolve("away"), standIn.folder().resolve("rkt"));
    until(() -> engine.now().trouble().isEmpty());
    assertThat(engine.disconnects()).isEqualTo(1);
  }

  @Test
  void before_the_first_answer_nobody_is_told_that_there_is_nothing() {
    start(new RktCommand(List.of("/nonexistent/rkt")), false);

    until(() -> engine.now().trouble().orElse("").contains("/nonexistent/rkt"));
    assertThatThrownBy(() -> index.awaitContent(impatient()))
        .isInstanceOf(CriException.class)
        .extracting(e -> ((CriException) e).code())
        .isEqualTo(CriException.Code.UNAVAILABLE);
  }

  @Test
  void an_rkt_that_cannot_run_pods_is_tried_again_until_it_can() throws IOException {
    Path fixed = folder.resolve("fixed");
    trial =
        () -> {
          if (Files.exists(fixed)) {
            return Optional.of(Path.of("/data"));
          }
          throw CriException.failedPrecondition("stage1 does not support mutable pods");
        };
    start(standIn.command());
    until(() -> engine.now().unfit().orElse("").contains("mutable"));

    Files.createFile(fixed);

    until(() -> engine.now().unfit().isEmpty());
    assertThat(engine.now().dataDirectory()).contains(Path.of("/data"));
  }

  private void start(RktCommand command) {
    start(command, true);
    index.awaitContent(Call.UNBOUNDED);
  }

  private void start(RktCommand command, boolean answers) {
    Rkt rkt = new Rkt(command);
    NodeServices services = node.services(folder);
    Notes notes = Notes.load(services.state().within("containers"));
    IndexFeed made =
        new IndexFeed(
            new IndexFeed.Source(
                rkt,
                new Reading(rkt, notes, services.clock()),
                new ImageIndex(rkt, "pause:1", services.state().within("images")),
                () -> trial.get(),
                swept::addAll),
            index,
            engine,
            services,
            notes,
            FAST,
            new Silent());
    feed = made;
    made.start();
    if (answers) {
      until(() -> engine.resyncs() > 0);
    }
  }

  /** Nobody says anything. */
  private static final class Silent implements IndexFeed.Output {
    @Override
    public void follow(Container container) {}

    @Override
    public void awaitLastWords(Container container) {}
  }

  private static Map<String, String> pod(String name) {
    return OwnAnnotations.of(
        PodSandboxStatus.newBuilder()
            .setMetadata(PodSandboxMetadata.newBuilder().setName(name))
            .setCreatedAt(1)
            .build(),
        "place");
  }

  private static Map<String, String> container(String id, String name) {
    return OwnAnnotations.of(
        ContainerStatus.newBuilder()
            .setId(id)
            .setMetadata(ContainerMetadata.newBuilder().setName(name))
            .setCreatedAt(2)
            .build(),
        new Container.Streams(false, Input.NONE));
  }

  private static Call impatient() {
    return new Call() {
      @Override
      public Optional<Duration> remaining() {
        return Optional.of(Duration.ofMillis(10));
      }

      @Override
      public boolean cancelled() {
        return false;
      }

      @Override
      public void onCancel(Runnable action) {}
    };
  }

  private static void until(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("it never became true").isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }
}
