package io.intermodal.rkt.container;

import io.intermodal.cri.v1.RemoveContainerRequest;
import io.intermodal.cri.v1.RemoveContainerResponse;
import io.intermodal.rkt.index.Container;
import io.intermodal.rkt.index.Index;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.SingleFlight;
import java.util.Optional;

/** RemoveContainer: kills it if it runs. What is unknown or gone is a success. */
public final class RemoveContainer {
  private final Index index;
  private final ContainerEnd end;
  private final SingleFlight<String, Boolean> removals = new SingleFlight<>();

  public RemoveContainer(Index index, ContainerEnd end) {
    this.index = index;
    this.end = end;
  }

  public RemoveContainerResponse remove(RemoveContainerRequest request, Call call) {
    index.awaitContent(call);
    Optional<Container> container = index.container(request.getContainerId());
    if (container.isPresent()) {
      String id = container.get().id();
      var _ =
          removals.run(
              id,
              call,
              _ -> {
                index.container(id).ifPresent(end::remove);
                return Boolean.TRUE;
              });
    }
    return RemoveContainerResponse.getDefaultInstance();
  }
}
