package io.intermodal.docker.sandbox;

import io.intermodal.cri.v1.PodSandboxStatusRequest;
import io.intermodal.cri.v1.PodSandboxStatusResponse;
import io.intermodal.docker.index.Container;
import io.intermodal.docker.index.Index;
import io.intermodal.docker.index.Sandbox;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.contract.Timestamps;
import io.intermodal.runtime.node.NodeServices;

/** PodSandboxStatus: the pod, its addresses and the statuses of its containers. From memory. */
public final class PodSandboxStatus {
  private final Index index;
  private final NodeServices node;

  public PodSandboxStatus(Index index, NodeServices node) {
    this.index = index;
    this.node = node;
  }

  public PodSandboxStatusResponse status(PodSandboxStatusRequest request, Call call) {
    // The kubelet drops events that are older than this: what they tell must be in the answer.
    long asOf = Timestamps.now(node.clock());
    Sandbox sandbox = Sandboxes.named(request.getPodSandboxId(), index, call);
    PodSandboxStatusResponse.Builder response =
        PodSandboxStatusResponse.newBuilder()
            .setTimestamp(asOf)
            .setStatus(sandbox.status(node.network()));
    index.containersOf(sandbox.id()).stream()
        .sorted(Container.NEWEST_FIRST)
        .forEach(container -> response.addContainersStatuses(container.status()));
    if (request.getVerbose()) {
      response.putInfo("pid", Long.toString(sandbox.pid()));
    }
    return response.build();
  }
}
