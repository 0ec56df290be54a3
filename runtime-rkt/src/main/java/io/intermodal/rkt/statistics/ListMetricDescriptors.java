package io.intermodal.rkt.statistics;

import io.intermodal.cri.v1.ListMetricDescriptorsResponse;
import io.intermodal.runtime.node.statistics.PodStatistics;

/** ListMetricDescriptors: what {@link ListPodSandboxMetrics} can contain. */
public final class ListMetricDescriptors {
  private final PodStatistics statistics;

  public ListMetricDescriptors(PodStatistics statistics) {
    this.statistics = statistics;
  }

  public ListMetricDescriptorsResponse list() {
    return ListMetricDescriptorsResponse.newBuilder()
        .addAllDescriptors(statistics.descriptors())
        .build();
  }
}
