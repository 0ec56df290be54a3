package io.intermodal.rkt.statistics;

import io.intermodal.cri.v1.ContainerStatsRequest;
import io.intermodal.cri.v1.ContainerStatsResponse;
import io.intermodal.rkt.container.Containers;
import io.intermodal.rkt.index.Container;
import io.intermodal.rkt.index.Index;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.node.statistics.PodStatistics;
import java.util.Optional;

/**
 * ContainerStats: of any container. One that does not run uses nothing but disk, and so the answer
 * has its writable layer only.
 */
public final class ContainerStats {
  private final Index index;
  private final Subjects subjects;
  private final PodStatistics statistics;

  public ContainerStats(Index index, Subjects subjects, PodStatistics statistics) {
    this.index = index;
    this.subjects = subjects;
    this.statistics = statistics;
  }

  public ContainerStatsResponse stats(ContainerStatsRequest request, Call call) {
    Container container = Containers.named(request.getContainerId(), index, call);
    Optional<io.intermodal.cri.v1.ContainerStats> running =
        Containers.runs(container.id(), index)
            ? statistics.container(subjects.of(container))
            : Optional.empty();
    return ContainerStatsResponse.newBuilder()
        .setStats(running.orElseGet(() -> diskOnly(container)))
        .build();
  }

  private io.intermodal.cri.v1.ContainerStats diskOnly(Container container) {
    io.intermodal.cri.v1.ContainerStats.Builder stats =
        io.intermodal.cri.v1.ContainerStats.newBuilder().setAttributes(container.attributes());
    subjects
        .writableLayer(container)
        .flatMap(statistics::writableLayer)
        .ifPresent(stats::setWritableLayer);
    return stats.build();
  }
}
