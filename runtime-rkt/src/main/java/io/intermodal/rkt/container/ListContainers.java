package io.intermodal.rkt.container;

import io.intermodal.cri.v1.ContainerFilter;
import io.intermodal.cri.v1.ListContainersRequest;
import io.intermodal.cri.v1.ListContainersResponse;
import io.intermodal.rkt.index.Container;
import io.intermodal.rkt.index.Index;
import io.intermodal.runtime.Call;

/** ListContainers: by id or its beginning, state, pod and labels; the newest first. From memory. */
public final class ListContainers {
  private final Index index;

  public ListContainers(Index index) {
    this.index = index;
  }

  public ListContainersResponse list(ListContainersRequest request, Call call) {
    index.awaitContent(call);
    ContainerFilter filter = request.getFilter();
    ListContainersResponse.Builder response = ListContainersResponse.newBuilder();
    index.containers().stream()
        .filter(container -> matches(container, filter))
        .sorted(Container.NEWEST_FIRST)
        .forEach(container -> response.addContainers(container.listed()));
    return response.build();
  }

  private static boolean matches(Container container, ContainerFilter filter) {
    return Containers.match(
            container, filter.getId(), filter.getPodSandboxId(), filter.getLabelSelectorMap())
        && (!filter.hasState() || filter.getState().getState() == container.state());
  }
}
