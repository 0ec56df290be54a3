package io.intermodal.rkt.statistics;

import io.intermodal.cri.v1.ListPodSandboxStatsRequest;
import io.intermodal.cri.v1.ListPodSandboxStatsResponse;
import io.intermodal.cri.v1.PodSandboxStatsFilter;
import io.intermodal.rkt.index.Index;
import io.intermodal.rkt.index.Sandbox;
import io.intermodal.rkt.sandbox.Sandboxes;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.node.statistics.PodStatistics;
import java.util.List;

/** ListPodSandboxStats: of the pods whose sandbox runs; the newest first. */
public final class ListPodSandboxStats {
  private final Index index;
  private final Subjects subjects;
  private final PodStatistics statistics;

  public ListPodSandboxStats(Index index, Subjects subjects, PodStatistics statistics) {
    this.index = index;
    this.subjects = subjects;
    this.statistics = statistics;
  }

  public ListPodSandboxStatsResponse list(ListPodSandboxStatsRequest request, Call call) {
    index.awaitContent(call);
    PodSandboxStatsFilter filter = request.getFilter();
    List<Sandbox> asked =
        index.sandboxes().stream()
            .filter(Sandbox::running)
            .filter(
                sandbox -> Sandboxes.match(sandbox, filter.getId(), filter.getLabelSelectorMap()))
            .sorted(Sandbox.NEWEST_FIRST)
            .toList();
    return ListPodSandboxStatsResponse.newBuilder()
        .addAllStats(statistics.pods(subjects.of(asked)))
        .build();
  }
}
