package io.intermodal.rkt.sandbox;

import io.intermodal.rkt.index.Index;
import io.intermodal.rkt.index.Sandbox;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import java.util.Map;

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

  /**
   * What filters of CRI ask of a sandbox: an id or its beginning, "" for any, and labels with
   * exactly these values.
   */
  public static boolean match(Sandbox sandbox, String id, Map<String, String> labels) {
    return sandbox.id().startsWith(id)
        && sandbox.facts().getLabelsMap().entrySet().containsAll(labels.entrySet());
  }
}
