package io.intermodal.docker.sandbox;

import io.intermodal.docker.index.Index;
import io.intermodal.docker.index.Sandbox;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;

/** How RPCs find the pod sandbox that a request names. */
public final class Sandboxes {
  private Sandboxes() {}

  /**
   * The sandbox with this id, or the only one whose id begins so.
   *
   * @throws CriException NOT_FOUND
   */
  public static Sandbox named(String id, Index index, Call call) {
    index.awaitContent(call);
    return index
        .sandbox(id)
        .orElseThrow(
            () -> CriException.notFound("pod sandbox \"%s\" does not exist".formatted(id)));
  }
}
