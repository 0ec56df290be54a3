package io.intermodal.docker.container;

import io.intermodal.cri.v1.ContainerStatusRequest;
import io.intermodal.cri.v1.ContainerStatusResponse;
import io.intermodal.docker.index.Container;
import io.intermodal.docker.index.Index;
import io.intermodal.docker.index.IndexFeed;
import io.intermodal.runtime.Call;

/** ContainerStatus: from memory; a verbose one asks the engine for the process id. */
public final class ContainerStatus {
  private final Index index;
  private final IndexFeed feed;

  public ContainerStatus(Index index, IndexFeed feed) {
    this.index = index;
    this.feed = feed;
  }

  public ContainerStatusResponse status(ContainerStatusRequest request, Call call) {
    Container container = Containers.named(request.getContainerId(), index, call);
    ContainerStatusResponse.Builder response =
        ContainerStatusResponse.newBuilder().setStatus(container.status());
    if (request.getVerbose()) {
      feed.refresh(container.id());
      long pid = index.container(container.id()).map(Container::pid).orElse(0L);
      response.putInfo("pid", Long.toString(pid)).putInfo("sandboxID", container.sandboxId());
    }
    return response.build();
  }
}
