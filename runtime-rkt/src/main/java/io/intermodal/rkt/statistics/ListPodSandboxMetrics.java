package io.intermodal.rkt.statistics;

import io.intermodal.cri.v1.ListPodSandboxMetricsResponse;
import io.intermodal.rkt.index.Index;
import io.intermodal.rkt.index.Sandbox;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.node.statistics.PodStatistics;
import java.util.List;

/** ListPodSandboxMetrics: of the pods whose sandbox runs; the newest first. */
public final class ListPodSandboxMetrics {
  private final Index index;
  private final Subjects subjects;
  private final PodStatistics statistics;

  public ListPodSandboxMetrics(Index index, Subjects subjects, PodStatistics statistics) {
    this.index = index;
    this.subjects = subjects;
    this.statistics = statistics;
  }

  public ListPodSandboxMetricsResponse list(Call call) {
    index.awaitContent(call);
    List<Sandbox> running =
        index.sandboxes().stream().filter(Sandbox::running).sorted(Sandbox.NEWEST_FIRST).toList();
    return ListPodSandboxMetricsResponse.newBuilder()
        .addAllPodMetrics(statistics.metrics(subjects.of(running)))
        .build();
  }
}
