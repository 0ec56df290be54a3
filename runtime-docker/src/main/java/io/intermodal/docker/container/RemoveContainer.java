package io.intermodal.docker.container;

import io.intermodal.cri.v1.ContainerState;
import io.intermodal.cri.v1.RemoveContainerRequest;
import io.intermodal.cri.v1.RemoveContainerResponse;
import io.intermodal.docker.index.Container;
import io.intermodal.docker.index.Index;
import io.intermodal.runtime.Call;
import java.util.Optional;

/** RemoveContainer: kills it if it runs. What is unknown or gone is a success. */
public final class RemoveContainer {
  private final Index index;
  private final ContainerEnd end;

  public RemoveContainer(Index index, ContainerEnd end) {
    this.index = index;
    this.end = end;
  }

  public RemoveContainerResponse remove(RemoveContainerRequest request, Call call) {
    index.awaitContent(call);
    Optional<Container> container = index.container(request.getContainerId());
    if (container.isPresent()) {
      if (container.get().state() == ContainerState.CONTAINER_RUNNING) {
        // Docker would do both at once, and nobody would learn how it ended.
        end.kill(container.get().id());
      }
      end.remove(container.get().id());
    }
    return RemoveContainerResponse.getDefaultInstance();
  }
}
