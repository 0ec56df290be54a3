package io.intermodal.rkt.sandbox;

import io.intermodal.cri.v1.ListPodSandboxRequest;
import io.intermodal.cri.v1.ListPodSandboxResponse;
import io.intermodal.cri.v1.PodSandboxFilter;
import io.intermodal.rkt.index.Index;
import io.intermodal.rkt.index.Sandbox;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.node.PodNetwork;

/** ListPodSandbox: by id or its beginning, state and labels; the newest first. From memory. */
public final class ListPodSandbox {
  private final Index index;
  private final PodNetwork network;

  public ListPodSandbox(Index index, PodNetwork network) {
    this.index = index;
    this.network = network;
  }

  public ListPodSandboxResponse list(ListPodSandboxRequest request, Call call) {
    index.awaitContent(call);
    PodSandboxFilter filter = request.getFilter();
    ListPodSandboxResponse.Builder response = ListPodSandboxResponse.newBuilder();
    index.sandboxes().stream()
        .filter(sandbox -> Sandboxes.match(sandbox, filter.getId(), filter.getLabelSelectorMap()))
        .sorted(Sandbox.NEWEST_FIRST)
        .map(sandbox -> sandbox.listed(network))
        .filter(sandbox -> !filter.hasState() || filter.getState().getState() == sandbox.getState())
        .forEach(response::addItems);
    return response.build();
  }
}
