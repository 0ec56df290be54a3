package io.intermodal.runtime.operations;

import io.intermodal.cri.v1.ContainerStatsRequest;
import io.intermodal.cri.v1.ContainerStatsResponse;
import io.intermodal.cri.v1.ListContainerStatsRequest;
import io.intermodal.cri.v1.ListContainerStatsResponse;
import io.intermodal.cri.v1.ListMetricDescriptorsRequest;
import io.intermodal.cri.v1.ListMetricDescriptorsResponse;
import io.intermodal.cri.v1.ListPodSandboxMetricsRequest;
import io.intermodal.cri.v1.ListPodSandboxMetricsResponse;
import io.intermodal.cri.v1.ListPodSandboxStatsRequest;
import io.intermodal.cri.v1.ListPodSandboxStatsResponse;
import io.intermodal.cri.v1.PodSandboxStatsRequest;
import io.intermodal.cri.v1.PodSandboxStatsResponse;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;

/**
 * The RPCs about what pods and containers use. They are answered from the kernel's own counters and
 * ask the engine nothing. Every operation throws {@link CriException}.
 */
public interface StatisticsOperations {
  ContainerStatsResponse containerStats(ContainerStatsRequest request, Call call);

  ListContainerStatsResponse listContainerStats(ListContainerStatsRequest request, Call call);

  PodSandboxStatsResponse podSandboxStats(PodSandboxStatsRequest request, Call call);

  ListPodSandboxStatsResponse listPodSandboxStats(ListPodSandboxStatsRequest request, Call call);

  ListMetricDescriptorsResponse listMetricDescriptors(
      ListMetricDescriptorsRequest request, Call call);

  ListPodSandboxMetricsResponse listPodSandboxMetrics(
      ListPodSandboxMetricsRequest request, Call call);
}
