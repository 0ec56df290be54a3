package io.intermodal.server.top;

import io.intermodal.cri.v1.Container;
import io.intermodal.cri.v1.ContainerAttributes;
import io.intermodal.cri.v1.ContainerMetadata;
import io.intermodal.cri.v1.ContainerState;
import io.intermodal.cri.v1.ContainerStats;
import io.intermodal.cri.v1.CpuUsage;
import io.intermodal.cri.v1.FilesystemUsage;
import io.intermodal.cri.v1.LinuxPodSandboxStats;
import io.intermodal.cri.v1.ListContainerStatsRequest;
import io.intermodal.cri.v1.ListContainerStatsResponse;
import io.intermodal.cri.v1.ListContainersRequest;
import io.intermodal.cri.v1.ListContainersResponse;
import io.intermodal.cri.v1.ListPodSandboxRequest;
import io.intermodal.cri.v1.ListPodSandboxResponse;
import io.intermodal.cri.v1.ListPodSandboxStatsRequest;
import io.intermodal.cri.v1.ListPodSandboxStatsResponse;
import io.intermodal.cri.v1.MemoryUsage;
import io.intermodal.cri.v1.NetworkInterfaceUsage;
import io.intermodal.cri.v1.NetworkUsage;
import io.intermodal.cri.v1.PodSandbox;
import io.intermodal.cri.v1.PodSandboxAttributes;
import io.intermodal.cri.v1.PodSandboxMetadata;
import io.intermodal.cri.v1.PodSandboxStats;
import io.intermodal.cri.v1.ProcessUsage;
import io.intermodal.cri.v1.UInt64Value;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.server.ScriptedConnection;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/**
 * A server with the pods {@code default/busy} and {@code kube-system/idle}, of one container each.
 * At each question a second has gone by on its clock: busy has used a quarter of a CPU and received
 * 2048 bytes.
 */
public class ScriptedStatistics extends ScriptedConnection {
  private static final long SECOND = 1_000_000_000;
  private static final long MEBIBYTE = 1 << 20;

  private final boolean knowsPods;
  private final AtomicLong seconds = new AtomicLong(1_000_000);

  /**
   * @param knowsPods whether it has statistics of pods, or of containers alone
   */
  public ScriptedStatistics(boolean knowsPods) {
    this.knowsPods = knowsPods;
  }

  @Override
  public ListPodSandboxResponse listPodSandbox(ListPodSandboxRequest request, Call call) {
    return ListPodSandboxResponse.newBuilder()
        .addItems(PodSandbox.newBuilder().setId("pod-1").setMetadata(pod("default", "busy")))
        .addItems(PodSandbox.newBuilder().setId("pod-2").setMetadata(pod("kube-system", "idle")))
        .build();
  }

  private static PodSandboxMetadata pod(String namespace, String name) {
    return PodSandboxMetadata.newBuilder().setNamespace(namespace).setName(name).build();
  }

  @Override
  public ListContainersResponse listContainers(ListContainersRequest request, Call call) {
    ListContainersResponse.Builder response = ListContainersResponse.newBuilder();
    for (int i = 1; i <= 2; i++) {
      response.addContainers(
          Container.newBuilder()
              .setId("container-" + i)
              .setPodSandboxId("pod-" + i)
              .setState(ContainerState.CONTAINER_RUNNING)
              .setMetadata(ContainerMetadata.newBuilder().setName("main-" + i)));
    }
    return response.build();
  }

  @Override
  public ListContainerStatsResponse listContainerStats(
      ListContainerStatsRequest request, Call call) {
    long now = seconds.incrementAndGet();
    ListContainerStatsResponse.Builder response = ListContainerStatsResponse.newBuilder();
    LongStream.rangeClosed(1, 2).mapToObj(i -> container(i, now)).forEach(response::addStats);
    return response.build();
  }

  @Override
  public ListPodSandboxStatsResponse listPodSandboxStats(
      ListPodSandboxStatsRequest request, Call call) {
    if (!knowsPods) {
      throw CriException.unimplemented("ListPodSandboxStats");
    }
    long now = seconds.incrementAndGet();
    ListPodSandboxStatsResponse.Builder response = ListPodSandboxStatsResponse.newBuilder();
    for (int i = 1; i <= 2; i++) {
      NetworkInterfaceUsage eth0 =
          NetworkInterfaceUsage.newBuilder()
              .setName("eth0")
              .setRxBytes(number(i == 1 ? now * 2048 : 7))
              .setTxBytes(number(7))
              .build();
      response.addStats(
          PodSandboxStats.newBuilder()
              .setAttributes(PodSandboxAttributes.newBuilder().setId("pod-" + i))
              .setLinux(
                  LinuxPodSandboxStats.newBuilder()
                      .setCpu(cpu(i, now))
                      .setMemory(memory(i + 1))
                      .setNetwork(
                          NetworkUsage.newBuilder()
                              .setTimestamp(now * SECOND)
                              .setDefaultInterface(eth0)
                              // Some servers list it once more here.
                              .addInterfaces(eth0))
                      .setProcess(ProcessUsage.newBuilder().setProcessCount(number(2)))
                      .addContainers(container(i, now))));
    }
    return response.build();
  }

  private static ContainerStats container(long i, long now) {
    return ContainerStats.newBuilder()
        .setAttributes(ContainerAttributes.newBuilder().setId("container-" + i))
        .setCpu(cpu(i, now))
        .setMemory(memory(i))
        .setWritableLayer(FilesystemUsage.newBuilder().setUsedBytes(number(i * 1024)))
        .build();
  }

  private static CpuUsage cpu(long i, long now) {
    return CpuUsage.newBuilder()
        .setTimestamp(now * SECOND)
        .setUsageCoreNanoSeconds(number(i == 1 ? now * SECOND / 4 : 0))
        .build();
  }

  /** The first has a limit of 64 MiB; the other says 0 bytes are available, as some servers do. */
  private static MemoryUsage memory(long mebibytes) {
    return MemoryUsage.newBuilder()
        .setWorkingSetBytes(number(mebibytes * MEBIBYTE))
        .setAvailableBytes(number(mebibytes == 1 ? 63 * MEBIBYTE : 0))
        .build();
  }

  private static UInt64Value number(long value) {
    return UInt64Value.newBuilder().setValue(value).build();
  }
}
