package io.intermodal.server.stats;

import io.intermodal.cri.v1.ContainerStats;
import io.intermodal.cri.v1.FilesystemIdentifier;
import io.intermodal.cri.v1.FilesystemUsage;
import io.intermodal.cri.v1.LinuxPodSandboxStats;
import io.intermodal.cri.v1.MetricDescriptor;
import io.intermodal.cri.v1.PodSandboxMetrics;
import io.intermodal.cri.v1.PodSandboxStats;
import io.intermodal.cri.v1.ProcessUsage;
import io.intermodal.runtime.node.statistics.CgroupPlace;
import io.intermodal.runtime.node.statistics.FolderSizes;
import io.intermodal.runtime.node.statistics.MeasuredContainer;
import io.intermodal.runtime.node.statistics.MeasuredPod;
import io.intermodal.runtime.node.statistics.PodStatistics;
import io.intermodal.server.stats.cgroup.CgroupReader;
import io.intermodal.server.stats.cgroup.CgroupReading;
import io.intermodal.server.stats.cgroup.Detail;
import io.intermodal.server.stats.folder.MountPoints;
import io.intermodal.server.stats.metrics.PodMetrics;
import io.intermodal.server.stats.network.NetworkReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Statistics of this host. */
public final class KernelStatistics implements PodStatistics {
  private final CgroupReader cgroups;
  private final NetworkReader network;
  private final FolderSizes folders;
  private final PodMetrics metrics;
  private final MountPoints mountPoints = new MountPoints();
  private final CpuRates rates;
  private final InParts parts = new InParts();

  public KernelStatistics(
      CgroupReader cgroups, NetworkReader network, FolderSizes folders, PodMetrics metrics) {
    this(cgroups, network, folders, metrics, System::nanoTime);
  }

  KernelStatistics(
      CgroupReader cgroups,
      NetworkReader network,
      FolderSizes folders,
      PodMetrics metrics,
      LongSupplier nanoTime) {
    this.cgroups = cgroups;
    this.network = network;
    this.folders = folders;
    this.metrics = metrics;
    this.rates = new CpuRates(nanoTime);
  }

  @Override
  public Optional<ContainerStats> container(MeasuredContainer container) {
    return cgroups
        .read(container.place(), Detail.STATISTICS)
        .map(reading -> container(container, reading));
  }

  @Override
  public List<ContainerStats> containers(List<MeasuredContainer> containers) {
    return parts.map(containers, this::container);
  }

  private ContainerStats container(MeasuredContainer container, CgroupReading reading) {
    ContainerStats.Builder stats =
        ContainerStats.newBuilder().setAttributes(container.attributes());
    reading
        .cpu()
        .ifPresent(cpu ->
            stats.setCpu(UsageMessages.cpu(reading, cpu, rates.rate(container.id(), cpu.usage()))));
    reading
        .memory()
        .ifPresent(memory -> {
          stats.setMemory(UsageMessages.memory(reading, memory));
          UsageMessages.swap(reading, memory).ifPresent(stats::setSwap);
        });
    UsageMessages.io(reading).ifPresent(stats::setIo);
    container.writableLayer().flatMap(this::writableLayer).ifPresent(stats::setWritableLayer);
    return stats.build();
  }

  @Override
  public Optional<FilesystemUsage> writableLayer(Path folder) {
    return folders
        .of(folder)
        .map(use ->
            FilesystemUsage.newBuilder()
                .setTimestamp(use.measuredAt())
                .setFsId(FilesystemIdentifier.newBuilder().setMountpoint(mountPoints.of(folder)))
                .setUsedBytes(UsageMessages.value(use.bytes()))
                .setInodesUsed(UsageMessages.value(use.inodes()))
                .build());
  }

  @Override
  public Optional<PodSandboxStats> pod(MeasuredPod pod) {
    List<ContainerStats> containers = new ArrayList<>();
    List<CgroupReading> parts = new ArrayList<>();
    for (MeasuredContainer container : pod.containers()) {
      cgroups
          .read(container.place(), Detail.STATISTICS)
          .ifPresent(reading -> {
            parts.add(reading);
            containers.add(container(container, reading));
          });
    }
    return whole(pod, parts).map(whole -> pod(pod, whole, containers));
  }

  @Override
  public List<PodSandboxStats> pods(List<MeasuredPod> pods) {
    return parts.map(pods, this::pod);
  }

  /** The pod's own cgroup, or the sum of its parts; empty when none of them is there. */
  private Optional<CgroupReading> whole(MeasuredPod pod, List<CgroupReading> parts) {
    Optional<CgroupReading> own =
        pod.ownCgroup().flatMap(path -> cgroups.read(new CgroupPlace(path, 0), Detail.STATISTICS));
    if (own.isPresent()) {
      return own;
    }
    cgroups.read(pod.sandbox(), Detail.STATISTICS).ifPresent(parts::add);
    return parts.isEmpty() ? Optional.empty() : Optional.of(PodSum.of(parts));
  }

  private PodSandboxStats pod(
      MeasuredPod pod, CgroupReading whole, List<ContainerStats> containers) {
    LinuxPodSandboxStats.Builder stats =
        LinuxPodSandboxStats.newBuilder().addAllContainers(containers);
    whole
        .cpu()
        .ifPresent(
            cpu -> stats.setCpu(UsageMessages.cpu(whole, cpu, rates.rate(pod.id(), cpu.usage()))));
    whole.memory().ifPresent(memory -> stats.setMemory(UsageMessages.memory(whole, memory)));
    UsageMessages.io(whole).ifPresent(stats::setIo);
    stats.setProcess(
        ProcessUsage.newBuilder()
            .setTimestamp(whole.readAt())
            .setProcessCount(UsageMessages.value(processes(pod))));
    if (!pod.hostNetwork()) {
      network.read(pod.sandbox().pid()).map(UsageMessages::network).ifPresent(stats::setNetwork);
    }
    return PodSandboxStats.newBuilder().setAttributes(pod.attributes()).setLinux(stats).build();
  }

  private long processes(MeasuredPod pod) {
    long count = cgroups.processes(pod.sandbox()).size();
    for (MeasuredContainer container : pod.containers()) {
      count += cgroups.processes(container.place()).size();
    }
    return count;
  }

  @Override
  public List<MetricDescriptor> descriptors() {
    return metrics.descriptors();
  }

  @Override
  public List<PodSandboxMetrics> metrics(List<MeasuredPod> pods) {
    return parts.map(pods, pod -> Optional.of(metrics.of(pod)));
  }

  @Override
  public void forget(String id) {
    rates.forget(id);
  }
}
