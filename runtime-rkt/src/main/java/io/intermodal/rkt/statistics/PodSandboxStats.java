package io.intermodal.rkt.statistics;

import io.intermodal.cri.v1.PodSandboxStatsRequest;
import io.intermodal.cri.v1.PodSandboxStatsResponse;
import io.intermodal.rkt.index.Index;
import io.intermodal.rkt.index.Sandbox;
import io.intermodal.rkt.sandbox.Sandboxes;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.node.statistics.PodStatistics;
import java.util.Optional;

/** PodSandboxStats: of a pod and its running containers; of a stopped one only who it is. */
public final class PodSandboxStats {
  private final Index index;
  private final Subjects subjects;
  private final PodStatistics statistics;

  public PodSandboxStats(Index index, Subjects subjects, PodStatistics statistics) {
    this.index = index;
    this.subjects = subjects;
    this.statistics = statistics;
  }

  public PodSandboxStatsResponse stats(PodSandboxStatsRequest request, Call call) {
    Sandbox sandbox = Sandboxes.named(request.getPodSandboxId(), index, call);
    Optional<io.intermodal.cri.v1.PodSandboxStats> running =
        sandbox.running() ? statistics.pod(subjects.of(sandbox)) : Optional.empty();
    return PodSandboxStatsResponse.newBuilder()
        .setStats(
            running.orElseGet(() ->
                io.intermodal.cri.v1.PodSandboxStats.newBuilder()
                    .setAttributes(sandbox.attributes())
                    .build()))
        .build();
  }
}
