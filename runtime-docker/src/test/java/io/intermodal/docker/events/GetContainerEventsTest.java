package io.intermodal.docker.events;

import static io.intermodal.cri.v1.ContainerEventType.CONTAINER_CREATED_EVENT;
import static io.intermodal.cri.v1.ContainerEventType.CONTAINER_DELETED_EVENT;
import static io.intermodal.cri.v1.ContainerEventType.CONTAINER_STARTED_EVENT;
import static io.intermodal.cri.v1.ContainerEventType.CONTAINER_STOPPED_EVENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.cri.v1.ContainerEventResponse;
import io.intermodal.cri.v1.ContainerEventType;
import io.intermodal.cri.v1.ContainerState;
import io.intermodal.cri.v1.ContainerStatus;
import io.intermodal.cri.v1.PodSandboxState;
import io.intermodal.cri.v1.PodSandboxStatus;
import io.intermodal.docker.index.Container;
import io.intermodal.docker.index.Index;
import io.intermodal.docker.index.KnownIndex;
import io.intermodal.docker.index.Sandbox;
import io.intermodal.docker.spec.PodPlace;
import io.intermodal.docker.spec.resources.CgroupSettings;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.events.Subscription;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class GetContainerEventsTest {
  private static final long NOW = 5_000_000_007L;
  private static final String POD = "pod";
  private static final String MARK = "mark";

  private final GetContainerEvents events =
      new GetContainerEvents(
          new OneAddress(), Clock.fixed(Instant.ofEpochSecond(5, 7), ZoneOffset.UTC));
  private final Index index = KnownIndex.of(events, container("old", created()));
  private final Subscription<ContainerEventResponse> reader = events.subscribe();

  @AfterEach
  void leave() {
    reader.close();
  }

  @Test
  void a_life_seen_step_by_step_is_told_step_by_step() throws Exception {
    index.put(running(sandbox()));
    index.put(container("c", created()));
    index.started("c", 100);
    index.put(container("c", exited(100, 200, 137)));
    index.remove("c");
    index.put(ended(sandbox()));
    index.remove(POD);

    assertThat(told())
        .containsExactly(
            "pod CREATED",
            "pod STARTED",
            "c CREATED",
            "c STARTED",
            "c STOPPED",
            "c DELETED",
            "pod STOPPED",
            "pod DELETED");
  }

  @Test
  void what_a_reading_skipped_is_told_in_order() throws Exception {
    index.put(container("c", exited(100, 200, 0)));
    index.put(container("old", exited(100, 200, 0)));

    assertThat(told())
        .containsExactly("c CREATED", "c STARTED", "c STOPPED", "old STARTED", "old STOPPED");
  }

  @Test
  void what_both_we_and_docker_tell_is_told_once() throws Exception {
    index.put(running(sandbox()));
    index.put(running(sandbox()));
    index.started("old", 100);
    index.put(container("old", running(101)));
    index.put(container("old", exited(101, 200, 1)));
    index.put(container("old", exited(101, 200, 1)));
    index.put(container("old", running(101)));
    index.remove("old");
    index.remove("old");

    assertThat(told())
        .containsExactly("pod CREATED", "pod STARTED", "old STARTED", "old STOPPED", "old DELETED");
  }

  @Test
  void what_is_started_again_from_outside_is_told() throws Exception {
    index.put(container("old", running(100), 11));
    index.put(container("old", running(300), 12));
    index.put(container("old", exited(300, 400, 1)));
    index.put(container("old", exited(500, 600, 1)));
    index.put(container("old", running(700), 13));

    assertThat(told())
        .containsExactly(
            "old STARTED",
            "old STOPPED",
            "old STARTED",
            "old STOPPED",
            "old STARTED",
            "old STOPPED",
            "old STARTED");
  }

  @Test
  void an_event_carries_its_pod_as_the_lists_show_it_then() throws Exception {
    index.put(running(sandbox()));
    index.put(container("old", running(100)));
    index.put(container("old", exited(100, 200, 137)));
    List<ContainerEventResponse> all = taken();

    ContainerEventResponse stopped = all.getLast();
    assertThat(stopped.getContainerEventType()).isEqualTo(CONTAINER_STOPPED_EVENT);
    assertThat(stopped.getCreatedAt()).isEqualTo(NOW);
    assertThat(stopped.getPodSandboxStatus().getState()).isEqualTo(PodSandboxState.SANDBOX_READY);
    assertThat(stopped.getPodSandboxStatus().getNetwork().getIp()).isEqualTo(OneAddress.IP);
    assertThat(stopped.getContainersStatusesList())
        .containsExactly(index.container("old").orElseThrow().status());
    assertThat(stopped.getContainersStatuses(0).getExitCode()).isEqualTo(137);
    assertThat(all.get(2).getContainersStatuses(0).getState())
        .isEqualTo(ContainerState.CONTAINER_RUNNING);
  }

  @Test
  void a_containers_deletion_shows_the_pod_without_it() throws Exception {
    index.put(running(sandbox()));
    index.put(container("c", created()));
    index.remove("c");

    ContainerEventResponse deleted = taken().getLast();
    assertThat(deleted.getContainerEventType()).isEqualTo(CONTAINER_DELETED_EVENT);
    assertThat(deleted.getPodSandboxStatus().getId()).isEqualTo(POD);
    assertThat(deleted.getContainersStatusesList())
        .extracting(ContainerStatus::getId)
        .containsExactly("old");
  }

  @Test
  void a_sandboxs_deletion_shows_it_as_not_ready() throws Exception {
    index.put(running(sandbox()));
    index.remove(POD);
    List<ContainerEventResponse> all = taken();

    assertThat(all)
        .extracting(ContainerEventResponse::getContainerEventType)
        .containsExactly(
            CONTAINER_CREATED_EVENT,
            CONTAINER_STARTED_EVENT,
            CONTAINER_STOPPED_EVENT,
            CONTAINER_DELETED_EVENT);
    for (ContainerEventResponse event : all.subList(2, 4)) {
      assertThat(event.getPodSandboxStatus().getId()).isEqualTo(POD);
      assertThat(event.getPodSandboxStatus().getState())
          .isEqualTo(PodSandboxState.SANDBOX_NOTREADY);
    }
  }

  @Test
  void a_container_that_vanished_while_it_ran_has_an_end_that_nobody_knows() throws Exception {
    index.put(container("old", running(100)));
    index.remove("old");
    List<ContainerEventResponse> all = taken();

    ContainerEventResponse stopped = all.get(1);
    assertThat(stopped.getContainerEventType()).isEqualTo(CONTAINER_STOPPED_EVENT);
    ContainerStatus end = stopped.getContainersStatuses(0);
    assertThat(end.getId()).isEqualTo("old");
    assertThat(end.getState()).isEqualTo(ContainerState.CONTAINER_EXITED);
    assertThat(end.getExitCode()).isEqualTo(255);
    assertThat(end.getReason()).isEqualTo("Unknown");
    assertThat(end.getFinishedAt()).isEqualTo(NOW);
    assertThat(all.get(2).getContainerEventType()).isEqualTo(CONTAINER_DELETED_EVENT);
    assertThat(all.get(2).getContainersStatusesList()).isEmpty();
  }

  @Test
  void the_first_content_is_not_news() throws Exception {
    GetContainerEvents fresh = new GetContainerEvents(new OneAddress(), Clock.systemUTC());
    try (Subscription<ContainerEventResponse> early = fresh.subscribe()) {
      Index loaded = KnownIndex.of(fresh, container("old", running(100)));
      loaded.put(container("new", created()));

      assertThat(early.next(() -> true).orElseThrow().getContainerId()).isEqualTo("new");
    }
  }

  @Test
  void closing_ends_the_readers() {
    events.close();

    assertThatThrownBy(() -> reader.next(() -> true))
        .isInstanceOfSatisfying(
            CriException.class, e -> assertThat(e.code()).isEqualTo(Code.UNAVAILABLE));
  }

  private List<String> told() throws InterruptedException {
    return taken().stream()
        .map(event -> event.getContainerId() + " " + verb(event.getContainerEventType()))
        .toList();
  }

  private static String verb(ContainerEventType type) {
    return type.name().replace("CONTAINER_", "").replace("_EVENT", "");
  }

  /** Everything up to a change that only marks the place. */
  private List<ContainerEventResponse> taken() throws InterruptedException {
    index.put(container(MARK, created()));
    List<ContainerEventResponse> taken = new ArrayList<>();
    ContainerEventResponse event = reader.next(() -> true).orElseThrow();
    while (!event.getContainerId().equals(MARK)) {
      taken.add(event);
      event = reader.next(() -> true).orElseThrow();
    }
    return taken;
  }

  private static Sandbox sandbox() {
    return new Sandbox(
        PodSandboxStatus.newBuilder().setId(POD).build(),
        false,
        0,
        0,
        0,
        new PodPlace(POD, "", ""));
  }

  private static Sandbox running(Sandbox sandbox) {
    return new Sandbox(sandbox.facts(), true, 7, 200, 0, sandbox.place());
  }

  private static Sandbox ended(Sandbox sandbox) {
    return new Sandbox(sandbox.facts(), false, 0, 200, 300, sandbox.place());
  }

  private static ContainerStatus.Builder created() {
    return ContainerStatus.newBuilder().setState(ContainerState.CONTAINER_CREATED);
  }

  private static ContainerStatus.Builder running(long startedAt) {
    return ContainerStatus.newBuilder()
        .setState(ContainerState.CONTAINER_RUNNING)
        .setStartedAt(startedAt);
  }

  private static ContainerStatus.Builder exited(long startedAt, long finishedAt, int code) {
    return ContainerStatus.newBuilder()
        .setState(ContainerState.CONTAINER_EXITED)
        .setStartedAt(startedAt)
        .setFinishedAt(finishedAt)
        .setExitCode(code);
  }

  private static Container container(String id, ContainerStatus.Builder status) {
    return container(id, status, 0);
  }

  private static Container container(String id, ContainerStatus.Builder status, long pid) {
    return new Container(status.setId(id).build(), POD, false, pid, "", CgroupSettings.NONE);
  }
}
