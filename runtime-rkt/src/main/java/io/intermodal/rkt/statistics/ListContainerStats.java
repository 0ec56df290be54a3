package io.intermodal.rkt.statistics;

import io.intermodal.cri.v1.ContainerState;
import io.intermodal.cri.v1.ContainerStatsFilter;
import io.intermodal.cri.v1.ListContainerStatsRequest;
import io.intermodal.cri.v1.ListContainerStatsResponse;
import io.intermodal.rkt.container.Containers;
import io.intermodal.rkt.index.Container;
import io.intermodal.rkt.index.Index;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.node.statistics.MeasuredContainer;
import io.intermodal.runtime.node.statistics.PodStatistics;
import java.util.List;

/** ListContainerStats: of the containers that run; the newest first. */
public final class ListContainerStats {
  private final Index index;
  private final Subjects subjects;
  private final PodStatistics statistics;

  public ListContainerStats(Index index, Subjects subjects, PodStatistics statistics) {
    this.index = index;
    this.subjects = subjects;
    this.statistics = statistics;
  }

  public ListContainerStatsResponse list(ListContainerStatsRequest request, Call call) {
    index.awaitContent(call);
    ContainerStatsFilter filter = request.getFilter();
    List<MeasuredContainer> asked =
        index.containers().stream()
            .filter(container -> container.state() == ContainerState.CONTAINER_RUNNING)
            .filter(container ->
                Containers.match(
                    container,
                    filter.getId(),
                    filter.getPodSandboxId(),
                    filter.getLabelSelectorMap()))
            .sorted(Container.NEWEST_FIRST)
            .map(subjects::of)
            .toList();
    return ListContainerStatsResponse.newBuilder()
        .addAllStats(statistics.containers(asked))
        .build();
  }
}
