package io.intermodal.rkt.container;

import io.intermodal.cri.v1.ContainerState;
import io.intermodal.rkt.index.Container;
import io.intermodal.rkt.index.Index;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import java.util.Map;

/** How RPCs find the container that a request names. */
public final class Containers {
  private Containers() {}

  /**
   * The container with this id, or the only one whose id begins so.
   *
   * @throws CriException NOT_FOUND
   */
  public static Container named(String id, Index index, Call call) {
    index.awaitContent(call);
    return index
        .container(id)
        .orElseThrow(() -> CriException.notFound("container \"%s\" does not exist".formatted(id)));
  }

  /**
   * The same, and it must be running.
   *
   * @throws CriException NOT_FOUND, or FAILED_PRECONDITION when it does not run
   */
  public static Container running(String id, Index index, Call call) {
    Container container = named(id, index, call);
    if (container.state() != ContainerState.CONTAINER_RUNNING) {
      throw CriException.failedPrecondition(
          "container %s is not running (%s)".formatted(container.id(), container.state()));
    }
    return container;
  }

  /**
   * What filters of CRI ask of a container: ids or their beginnings, "" for any, and labels with
   * exactly these values.
   */
  public static boolean match(
      Container container, String id, String sandboxId, Map<String, String> labels) {
    return container.id().startsWith(id)
        && container.sandboxId().startsWith(sandboxId)
        && container.status().getLabelsMap().entrySet().containsAll(labels.entrySet());
  }

  /** Whether the container with this id runs, as far as the index knows. */
  public static boolean runs(String id, Index index) {
    return index
        .container(id)
        .map(container -> container.state() == ContainerState.CONTAINER_RUNNING)
        .orElse(false);
  }
}
