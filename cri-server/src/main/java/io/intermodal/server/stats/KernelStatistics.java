package io.intermodal.server.stats;

import io.intermodal.cri.v1.ContainerStats;
import io.intermodal.cri.v1.MetricDescriptor;
import io.intermodal.cri.v1.PodSandboxMetrics;
import io.intermodal.cri.v1.PodSandboxStats;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.node.MeasuredContainer;
import io.intermodal.runtime.node.MeasuredPod;
import io.intermodal.runtime.node.PodStatistics;
import java.util.List;
import java.util.Optional;

/** Statistics of this host. */
public final class KernelStatistics implements PodStatistics {
  @Override
  public Optional<ContainerStats> container(MeasuredContainer container) {
    throw CriException.unimplemented("statistics: not yet");
  }

  @Override
  public Optional<PodSandboxStats> pod(MeasuredPod pod) {
    throw CriException.unimplemented("statistics: not yet");
  }

  @Override
  public List<MetricDescriptor> descriptors() {
    throw CriException.unimplemented("metrics: not yet");
  }

  @Override
  public PodSandboxMetrics metrics(MeasuredPod pod) {
    throw CriException.unimplemented("metrics: not yet");
  }

  @Override
  public void forget(String id) {
    // Nothing is kept yet.
  }
}
