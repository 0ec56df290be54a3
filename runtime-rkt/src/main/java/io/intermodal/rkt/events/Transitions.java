package io.intermodal.rkt.events;

import static io.intermodal.cri.v1.ContainerEventType.CONTAINER_CREATED_EVENT;
import static io.intermodal.cri.v1.ContainerEventType.CONTAINER_DELETED_EVENT;
import static io.intermodal.cri.v1.ContainerEventType.CONTAINER_STARTED_EVENT;
import static io.intermodal.cri.v1.ContainerEventType.CONTAINER_STOPPED_EVENT;

import io.intermodal.cri.v1.ContainerEventType;
import io.intermodal.cri.v1.ContainerState;
import io.intermodal.rkt.index.Container;
import io.intermodal.rkt.index.Sandbox;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What must have happened between two readings. A reading may have skipped something: a container
 * that was never seen running has been started all the same when it is seen exited.
 */
final class Transitions {
  private static final List<ContainerEventType> LIFE =
      List.of(CONTAINER_CREATED_EVENT, CONTAINER_STARTED_EVENT, CONTAINER_STOPPED_EVENT);

  private Transitions() {}

  /**
   * What a reading tells of a life.
   *
   * @param state created, running or exited
   * @param pid the first process, 0 when that is not known
   * @param startedAt ns since 1970, 0 when that is not known
   * @param finishedAt ns since 1970, 0 when it has not ended
   */
  record Life(ContainerState state, long pid, long startedAt, long finishedAt) {
    static Life of(Container container) {
      return new Life(
          container.state(),
          0,
          container.status().getStartedAt(),
          container.status().getFinishedAt());
    }

    /** A sandbox lives as its pod does. */
    static Life of(Sandbox sandbox) {
      return new Life(
          sandbox.running() ? ContainerState.CONTAINER_RUNNING : ContainerState.CONTAINER_EXITED,
          0,
          0,
          sandbox.finishedAt());
    }

    /** How many of {@link #LIFE} have happened. */
    private int stage() {
      return switch (state) {
        case CONTAINER_RUNNING -> 2;
        case CONTAINER_EXITED -> 3;
        default -> 1;
      };
    }

    /**
     * Whether it was started another time since the earlier reading, which shows the same state.
     */
    private boolean isAnotherRunThan(Life earlier) {
      return switch (state) {
        case CONTAINER_RUNNING -> pid != 0 && earlier.pid != 0 && pid != earlier.pid;
        case CONTAINER_EXITED -> startedAt > earlier.finishedAt;
        default -> false;
      };
    }
  }

  /**
   * In the order in which it happened; empty when nothing did.
   *
   * @param before null when it was not known
   * @param after null when it is gone
   */
  static List<ContainerEventType> between(@Nullable Life before, @Nullable Life after) {
    if (after == null) {
      boolean ran = before != null && before.state == ContainerState.CONTAINER_RUNNING;
      return ran
          ? List.of(CONTAINER_STOPPED_EVENT, CONTAINER_DELETED_EVENT)
          : List.of(CONTAINER_DELETED_EVENT);
    }
    int happened = before == null ? 0 : before.stage();
    if (before != null && happened == after.stage() && after.isAnotherRunThan(before)) {
      return after.state == ContainerState.CONTAINER_RUNNING
          ? List.of(CONTAINER_STOPPED_EVENT, CONTAINER_STARTED_EVENT)
          : List.of(CONTAINER_STARTED_EVENT, CONTAINER_STOPPED_EVENT);
    }
    if (happened > after.stage()) {
      // The only way back: what had ended was started again.
      return List.of(CONTAINER_STARTED_EVENT);
    }
    return LIFE.subList(happened, after.stage());
  }
}
