package io.intermodal.server.stats.metrics;

import io.intermodal.cri.v1.ContainerMetrics;
import io.intermodal.cri.v1.Metric;
import io.intermodal.cri.v1.MetricDescriptor;
import io.intermodal.cri.v1.PodSandboxAttributes;
import io.intermodal.cri.v1.PodSandboxMetrics;
import io.intermodal.runtime.node.statistics.CgroupPlace;
import io.intermodal.runtime.node.statistics.FolderSizes;
import io.intermodal.runtime.node.statistics.MeasuredContainer;
import io.intermodal.runtime.node.statistics.MeasuredPod;
import io.intermodal.server.stats.cgroup.CgroupReader;
import io.intermodal.server.stats.cgroup.CgroupReading;
import io.intermodal.server.stats.cgroup.Detail;
import io.intermodal.server.stats.metrics.DiskMetrics.DeviceUse;
import io.intermodal.server.stats.metrics.DiskMetrics.WritableLayer;
import io.intermodal.server.stats.metrics.ProcessMetrics.Lifetime;
import io.intermodal.server.stats.network.NetworkReader;
import io.intermodal.server.stats.system.BlockDevices;
import io.intermodal.server.stats.system.FileSystemReader;
import io.intermodal.server.stats.system.ProcessReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The metrics of pods and containers, read at the moment of asking. A container has a value for all
 * that is counted for it; a pod for its network, and for the CPU and memory of its own cgroup, in
 * which the containers' share is contained.
 *
 * <p>Values carry no timestamp, which in CRI means that they were read just now; only the size of a
 * writable layer, which is measured ahead of time, tells when.
 */
public final class PodMetrics {
  /** Every metric there is. A new theme's table belongs in here. */
  static final List<MetricDescriptor> DESCRIPTORS =
      Stream.<List<? extends MetricFamily<?>>>of(
              ProcessMetrics.LIFETIME,
              CpuMetrics.TIME,
              CpuMetrics.THROTTLING,
              CpuMetrics.SETTINGS,
              MemoryMetrics.USE,
              MemoryMetrics.SETTINGS,
              MemoryMetrics.HUGE_PAGES,
              PressureMetrics.WAITING,
              DiskMetrics.DEVICES,
              DiskMetrics.WRITABLE_LAYER,
              NetworkMetrics.TRAFFIC,
              ProcessMetrics.PROCESSES,
              ProcessMetrics.THREADS)
          .flatMap(List::stream)
          .<MetricDescriptor>map(MetricFamily::descriptor)
          .toList();

  private final CgroupReader cgroups;
  private final NetworkReader networks;
  private final FolderSizes folders;
  private final ProcessReader processes;
  private final FileSystemReader fileSystems;
  private final BlockDevices devices;

  /**
   * @param cgroups reads what is counted for a cgroup
   * @param networks reads a pod's interfaces
   * @param folders knows how much a writable layer holds
   * @param proc where procfs is mounted
   * @param sys where sysfs is mounted
   */
  public PodMetrics(
      CgroupReader cgroups, NetworkReader networks, FolderSizes folders, Path proc, Path sys) {
    this.cgroups = cgroups;
    this.networks = networks;
    this.folders = folders;
    this.processes = new ProcessReader(proc);
    this.fileSystems = new FileSystemReader();
    this.devices = new BlockDevices(sys);
  }

  /** What {@link #of} can contain, in a fixed order. */
  public List<MetricDescriptor> descriptors() {
    return DESCRIPTORS;
  }

  /** The pod's metrics, and those of its containers that are still there. */
  public PodSandboxMetrics of(MeasuredPod pod) {
    PodSandboxMetrics.Builder metrics = PodSandboxMetrics.newBuilder().setPodSandboxId(pod.id());
    metrics.addAllMetrics(ofNetwork(pod)).addAllMetrics(ofOwnCgroup(pod));
    for (MeasuredContainer container : pod.containers()) {
      cgroups
          .read(container.place(), Detail.METRICS)
          .map(cgroup -> of(container, pod.attributes(), cgroup))
          .ifPresent(metrics::addContainerMetrics);
    }
    return metrics.build();
  }

  private List<Metric> ofNetwork(MeasuredPod pod) {
    LabelledMetrics metrics = LabelledMetrics.ofSandbox(pod.attributes());
    if (!pod.hostNetwork()) {
      networks
          .read(pod.sandbox().pid())
          .ifPresent(network ->
              Stream.concat(network.defaultInterface().stream(), network.others().stream())
                  .forEach(each -> metrics.add(NetworkMetrics.TRAFFIC, each)));
    }
    return metrics.metrics();
  }

  /** What cAdvisor tells of a pod's cgroup, apart from what only makes sense for a container. */
  private List<Metric> ofOwnCgroup(MeasuredPod pod) {
    LabelledMetrics metrics = LabelledMetrics.of(pod.attributes());
    pod.ownCgroup()
        .flatMap(path -> cgroups.read(new CgroupPlace(path, 0), Detail.METRICS))
        .ifPresent(cgroup -> {
          cgroup.cpu().ifPresent(cpu -> metrics.add(CpuMetrics.TIME, cpu));
          cgroup.cpu().ifPresent(cpu -> metrics.add(CpuMetrics.THROTTLING, cpu));
          cgroup.memory().ifPresent(memory -> metrics.add(MemoryMetrics.USE, memory));
          metrics.add(PressureMetrics.WAITING, cgroup);
        });
    return metrics.metrics();
  }

  private ContainerMetrics of(
      MeasuredContainer container, PodSandboxAttributes pod, CgroupReading cgroup) {
    LabelledMetrics metrics = LabelledMetrics.of(container, pod);
    metrics.add(ProcessMetrics.LIFETIME, new Lifetime(container.startedAt(), cgroup.readAt()));
    cgroup
        .cpu()
        .ifPresent(cpu -> {
          metrics.add(CpuMetrics.TIME, cpu);
          metrics.add(CpuMetrics.THROTTLING, cpu);
          metrics.add(CpuMetrics.SETTINGS, cpu);
        });
    cgroup
        .memory()
        .ifPresent(memory -> {
          metrics.add(MemoryMetrics.USE, memory);
          metrics.add(MemoryMetrics.SETTINGS, memory);
        });
    cgroup.hugePages().forEach(pages -> metrics.add(MemoryMetrics.HUGE_PAGES, pages));
    metrics.add(PressureMetrics.WAITING, cgroup);
    cgroup
        .devices()
        .forEach(counters ->
            metrics.add(
                DiskMetrics.DEVICES,
                new DeviceUse(devices.name(counters.major(), counters.minor()), counters)));
    container
        .writableLayer()
        .flatMap(this::writableLayer)
        .ifPresent(layer -> metrics.add(DiskMetrics.WRITABLE_LAYER, layer));
    metrics.add(ProcessMetrics.PROCESSES, processes.read(cgroups.processes(container.place())));
    metrics.add(ProcessMetrics.THREADS, cgroup.tasks());
    return ContainerMetrics.newBuilder()
        .setContainerId(container.id())
        .addAllMetrics(metrics.metrics())
        .build();
  }

  private Optional<WritableLayer> writableLayer(Path folder) {
    try {
      String device = devices.below(folder);
      return fileSystems
          .read(folder)
          .map(fileSystem -> new WritableLayer(device, fileSystem, folders.of(folder)));
    } catch (IOException gone) {
      // It is removed with its container, at any moment.
      return Optional.empty();
    }
  }
}
