package io.intermodal.docker.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.cri.v1.ContainerState;
import io.intermodal.cri.v1.ContainerStatus;
import io.intermodal.docker.spec.resources.CgroupSettings;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IndexTest {
  private final Index index = new Index(IndexObserver.NONE);

  @Test
  void aContainerIsFoundByItsIdAndByABeginningThatOnlyItHas() {
    index.put(created("abc1"));
    index.put(created("abd2"));
    assertThat(index.container("abc1")).isPresent();
    assertThat(index.container("abd")).map(Container::id).contains("abd2");
    assertThat(index.container("x")).isEmpty();
    assertThat(index.container("")).isEmpty();
    assertThatThrownBy(() -> index.container("ab"))
        .isInstanceOfSatisfying(
            CriException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID_ARGUMENT));
  }

  @Test
  void aLateReadingOfARunningContainerDoesNotUndoItsEnd() {
    index.put(running("c", 100));
    index.put(exited("c", 100, 200));
    index.put(running("c", 100));
    assertThat(state("c")).isEqualTo(ContainerState.CONTAINER_EXITED);
  }

  @Test
  void aContainerThatWasStartedAgainRunsAgain() {
    index.put(exited("c", 100, 200));
    index.put(running("c", 300));
    assertThat(state("c")).isEqualTo(ContainerState.CONTAINER_RUNNING);
  }

  @Test
  void aLateReadingBeforeTheStartDoesNotUndoTheStart() {
    index.put(created("c"));
    index.started("c", 100);
    index.put(created("c"));
    assertThat(state("c")).isEqualTo(ContainerState.CONTAINER_RUNNING);
  }

  @Test
  void aStartThatIsNotedAfterTheEndWasSeenDoesNotUndoTheEnd() {
    index.put(exited("c", 100, 200));
    index.started("c", 99);
    assertThat(state("c")).isEqualTo(ContainerState.CONTAINER_EXITED);
  }

  @Test
  void whatWasRemovedDoesNotComeBackWithALateReading() {
    index.put(running("c", 100));
    index.remove("c");
    index.put(running("c", 100));
    assertThat(index.container("c")).isEmpty();
  }

  @Test
  void aFullReadForgetsWhatItDidNotFindButNotWhatCameMeanwhile() {
    index.put(created("gone"));
    index.put(created("there"));
    Set<String> before = index.ids();
    index.put(created("new"));
    index.forgetAllBut(before, Set.of("there"));
    assertThat(index.ids()).containsExactlyInAnyOrder("there", "new");
  }

  @Test
  void whatTheEngineTellsOfAnAttemptOfOursWaitsForItsEnd() {
    assertThat(index.whenFormed("k8s_c")).isCompleted();
    index.forming("k8s_c");
    var formed = index.whenFormed("k8s_c");
    assertThat(formed).isNotDone();
    assertThat(index.whenFormed("k8s_other")).isCompleted();
    index.formed("k8s_c");
    assertThat(formed).isCompleted();
  }

  @Test
  void aReaderIsToldThatNothingIsKnownYetInsteadOfAnEmptyList() {
    assertThatThrownBy(() -> index.awaitContent(new Impatient()))
        .isInstanceOfSatisfying(
            CriException.class, e -> assertThat(e.code()).isEqualTo(Code.UNAVAILABLE));
    index.loaded();
    index.awaitContent(new Impatient());
  }

  private ContainerState state(String id) {
    return index.container(id).orElseThrow().state();
  }

  private static Container created(String id) {
    return container(id, ContainerState.CONTAINER_CREATED, 0, 0);
  }

  private static Container running(String id, long startedAt) {
    return container(id, ContainerState.CONTAINER_RUNNING, startedAt, 0);
  }

  private static Container exited(String id, long startedAt, long finishedAt) {
    return container(id, ContainerState.CONTAINER_EXITED, startedAt, finishedAt);
  }

  private static Container container(
      String id, ContainerState state, long startedAt, long finishedAt) {
    ContainerStatus status =
        ContainerStatus.newBuilder()
            .setId(id)
            .setState(state)
            .setStartedAt(startedAt)
            .setFinishedAt(finishedAt)
            .build();
    return new Container(status, "pod", false, 0, "", CgroupSettings.NONE);
  }

  private static final class Impatient implements Call {
    @Override
    public Optional<Duration> remaining() {
      return Optional.of(Duration.ZERO);
    }

    @Override
    public boolean cancelled() {
      return false;
    }

    @Override
    public void onCancel(Runnable action) {}
  }
}
