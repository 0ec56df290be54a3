package io.intermodal.rkt.container;

import io.intermodal.cri.v1.ContainerStatusRequest;
import io.intermodal.cri.v1.ContainerStatusResponse;
import io.intermodal.rkt.index.Container;
import io.intermodal.rkt.index.Index;
import io.intermodal.rkt.index.Sandbox;
import io.intermodal.runtime.Call;

/** ContainerStatus: from memory; a verbose one looks for the process id. */
public final class ContainerStatus {
  private final Index index;

  public ContainerStatus(Index index) {
    this.index = index;
  }

  public ContainerStatusResponse status(ContainerStatusRequest request, Call call) {
    Container container = Containers.named(request.getContainerId(), index, call);
    ContainerStatusResponse.Builder response =
        ContainerStatusResponse.newBuilder().setStatus(container.status());
    if (request.getVerbose()) {
      long pid =
          index
              .sandbox(container.sandboxId())
              .flatMap(Sandbox::process)
              .map(pod -> pod.mainProcessOf(container.app()).orElse(0))
              .orElse(0L);
      response
          .putInfo("pid", Long.toString(pid))
          .putInfo("sandboxID", container.sandboxId())
          .putInfo("app", container.app());
    }
    return response.build();
  }
}
