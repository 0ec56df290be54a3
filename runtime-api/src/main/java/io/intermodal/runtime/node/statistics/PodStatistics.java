package io.intermodal.runtime.node.statistics;

import io.intermodal.cri.v1.ContainerStats;
import io.intermodal.cri.v1.FilesystemUsage;
import io.intermodal.cri.v1.MetricDescriptor;
import io.intermodal.cri.v1.PodSandboxMetrics;
import io.intermodal.cri.v1.PodSandboxStats;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What pods and containers use, read from the kernel at the moment of asking: cgroups of either
 * version, network namespaces, and the folders of writable layers. No engine is asked.
 *
 * <p>A value that the kernel does not have (no PSI, no swap accounting, a controller that is not
 * mounted) is left out of the message, so that it can be told from zero.
 */
public interface PodStatistics {
  /** The use of one container; empty when its cgroup is gone, as it is when the container ended. */
  Optional<ContainerStats> container(MeasuredContainer container);

  /** The use of many containers, in their order; those whose cgroup is gone are left out. */
  List<ContainerStats> containers(List<MeasuredContainer> containers);

  /**
   * What a writable layer holds, as far as it has been looked; empty before, and when it is gone.
   *
   * @param folder as {@link MeasuredContainer#writableLayer}
   */
  Optional<FilesystemUsage> writableLayer(Path folder);

  /** The use of a pod and of its containers; empty when the pod runs nothing any more. */
  Optional<PodSandboxStats> pod(MeasuredPod pod);

  /** The use of many pods, in their order; those that run nothing any more are left out. */
  List<PodSandboxStats> pods(List<MeasuredPod> pods);

  /** What {@link #metrics} can contain, in a fixed order. */
  List<MetricDescriptor> descriptors();

  /**
   * The use of pods as the metrics that kubelets export, in their order; a pod that runs nothing
   * has no values.
   */
  List<PodSandboxMetrics> metrics(List<MeasuredPod> pods);

  /**
   * Forgets what is kept of a container or pod between two readings. Needed once for each, when it
   * is removed.
   */
  void forget(String id);
}
