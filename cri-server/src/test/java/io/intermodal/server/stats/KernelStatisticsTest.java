package io.intermodal.server.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.cri.v1.ContainerAttributes;
import io.intermodal.cri.v1.ContainerStats;
import io.intermodal.cri.v1.LinuxPodSandboxStats;
import io.intermodal.cri.v1.PodSandboxAttributes;
import io.intermodal.runtime.node.Host.Cgroups;
import io.intermodal.runtime.node.statistics.CgroupPlace;
import io.intermodal.runtime.node.statistics.FolderSizes;
import io.intermodal.runtime.node.statistics.MeasuredContainer;
import io.intermodal.runtime.node.statistics.MeasuredPod;
import io.intermodal.server.stats.cgroup.CgroupReader;
import io.intermodal.server.stats.cgroup.hierarchy.Hierarchies;
import io.intermodal.server.stats.metrics.PodMetrics;
import io.intermodal.server.stats.network.NetworkReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelStatisticsTest {
  @TempDir Path root;
  private final AtomicLong now = new AtomicLong();
  private CgroupReader cgroups;
  private KernelStatistics statistics;

  /** A walker that has been everywhere. */
  private static final class Measured implements FolderSizes {
    @Override
    public Optional<FolderUse> of(Path folder) {
      return Optional.of(new FolderUse(4096, 3, 77));
    }

    @Override
    public Optional<FolderUse> ofUnchanging(Path folder) {
      return of(folder);
    }

    @Override
    public void forget(Path folder) {
      throw new AssertionError("the walker forgets what it is told to, by whom it was asked");
    }
  }

  @BeforeEach
  void a_host() throws IOException {
    Path proc = root.resolve("proc");
    cgroups = Hierarchies.reader(Cgroups.V2, root.resolve("cgroup"), proc, Clock.systemUTC());
    NetworkReader networks = new NetworkReader(proc, Clock.systemUTC());
    PodMetrics metrics =
        new PodMetrics(cgroups, networks, new Measured(), proc, root.resolve("sys"));
    statistics = new KernelStatistics(cgroups, networks, new Measured(), metrics, now::get);
    write("proc/42/net/dev", "\n\n  eth0: 7 0 0 0 0 0 0 0 8 0 0 0 0 0 0 0\n");
  }

  @AfterEach
  void close() {
    cgroups.close();
  }

  private void write(String file, String content) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
  }

  private void cgroup(String path, long usec, long memory, String limit) throws IOException {
    write("cgroup/" + path + "/cpu.stat", "usage_usec " + usec + "\n");
    write("cgroup/" + path + "/memory.current", memory + "\n");
    write("cgroup/" + path + "/memory.max", limit + "\n");
    write("cgroup/" + path + "/memory.stat", "inactive_file 1000\nanon 10\npgfault 5\n");
    write("cgroup/" + path + "/cgroup.procs", "1\n2\n");
  }

  private static MeasuredContainer container(String id) {
    return new MeasuredContainer(
        ContainerAttributes.newBuilder().setId(id).build(),
        "busybox",
        new CgroupPlace(id, 0),
        1,
        Optional.of(Path.of("/proc/self")));
  }

  private static MeasuredPod pod(Optional<String> own, boolean hostNetwork) {
    return new MeasuredPod(
        PodSandboxAttributes.newBuilder().setId("p").build(),
        new CgroupPlace("sandbox", 42),
        own,
        hostNetwork,
        1,
        List.of(container("c1"), container("c2")));
  }

  private LinuxPodSandboxStats stats(Optional<String> own, boolean hostNetwork) {
    return statistics.pod(pod(own, hostNetwork)).orElseThrow().getLinux();
  }

  @Test
  void a_containers_numbers_are_in_the_units_of_the_contract() throws IOException {
    cgroup("c1", 1000, 5000, "10000");
    ContainerStats stats = statistics.container(container("c1")).orElseThrow();
    assertThat(stats.getCpu().getUsageCoreNanoSeconds().getValue()).isEqualTo(1_000_000);
    assertThat(stats.getCpu().hasUsageNanoCores()).as("there was no reading before").isFalse();
    assertThat(stats.getMemory().getUsageBytes().getValue()).isEqualTo(5000);
    assertThat(stats.getMemory().getWorkingSetBytes().getValue()).isEqualTo(4000);
    assertThat(stats.getMemory().getAvailableBytes().getValue()).isEqualTo(6000);
    assertThat(stats.getMemory().getRssBytes().getValue()).isEqualTo(10);
    assertThat(stats.getMemory().getPageFaults().getValue()).isEqualTo(5);
    assertThat(stats.getMemory().hasMajorPageFaults()).as("the kernel did not tell").isFalse();
    assertThat(stats.hasSwap()).as("the kernel did not tell").isFalse();
    assertThat(stats.hasIo()).as("the kernel has no PSI").isFalse();
    assertThat(stats.getWritableLayer().getUsedBytes().getValue()).isEqualTo(4096);
    assertThat(stats.getWritableLayer().getInodesUsed().getValue()).isEqualTo(3);
    assertThat(stats.getWritableLayer().getTimestamp()).isEqualTo(77);
  }

  @Test
  void the_rate_is_that_since_the_reading_before() throws IOException {
    cgroup("c1", 1000, 5000, "max");
    var _ = statistics.container(container("c1"));
    now.addAndGet(2_000_000_000L);
    cgroup("c1", 501_000, 5000, "max");
    ContainerStats stats = statistics.container(container("c1")).orElseThrow();
    assertThat(stats.getCpu().getUsageNanoCores().getValue()).isEqualTo(250_000_000);
    assertThat(stats.getMemory().hasAvailableBytes()).as("there is no limit").isFalse();
  }

  @Test
  void more_inactive_file_than_usage_is_a_working_set_of_nothing() throws IOException {
    cgroup("c1", 1000, 500, "10000");
    ContainerStats stats = statistics.container(container("c1")).orElseThrow();
    assertThat(stats.getMemory().hasWorkingSetBytes()).isTrue();
    assertThat(stats.getMemory().getWorkingSetBytes().getValue()).isZero();
  }

  @Test
  void a_container_that_ended_has_no_statistics() {
    assertThat(statistics.container(container("c1"))).isEmpty();
  }

  @Test
  void a_pod_with_a_cgroup_of_its_own_is_measured_there() throws IOException {
    cgroup("pod", 9000, 50_000, "100000");
    cgroup("c1", 1000, 5000, "max");
    LinuxPodSandboxStats stats = stats(Optional.of("pod"), false);
    assertThat(stats.getCpu().getUsageCoreNanoSeconds().getValue()).isEqualTo(9_000_000);
    assertThat(stats.getMemory().getAvailableBytes().getValue()).isEqualTo(51_000);
    assertThat(stats.getContainersList())
        .extracting(one -> one.getAttributes().getId())
        .as("the other one has ended")
        .containsExactly("c1");
  }

  @Test
  void a_pod_without_one_is_the_sum_of_its_parts() throws IOException {
    cgroup("sandbox", 1, 2000, "max");
    cgroup("c1", 10, 3000, "10000");
    cgroup("c2", 100, 4000, "10000");
    LinuxPodSandboxStats stats = stats(Optional.empty(), false);
    assertThat(stats.getCpu().getUsageCoreNanoSeconds().getValue()).isEqualTo(111_000);
    assertThat(stats.getMemory().getUsageBytes().getValue()).isEqualTo(9000);
    assertThat(stats.getMemory().getWorkingSetBytes().getValue()).isEqualTo(6000);
    assertThat(stats.getMemory().hasAvailableBytes())
        .as("the sandbox is not limited, so the pod is not")
        .isFalse();
    assertThat(stats.getProcess().getProcessCount().getValue()).isEqualTo(6);
  }

  @Test
  void the_network_is_that_of_the_sandbox_and_never_the_hosts() throws IOException {
    cgroup("sandbox", 1, 2000, "max");
    LinuxPodSandboxStats stats = stats(Optional.empty(), false);
    assertThat(stats.getNetwork().getDefaultInterface().getName()).isEqualTo("eth0");
    assertThat(stats.getNetwork().getDefaultInterface().getRxBytes().getValue()).isEqualTo(7);
    assertThat(stats.getNetwork().getDefaultInterface().getTxBytes().getValue()).isEqualTo(8);
    assertThat(stats(Optional.empty(), true).hasNetwork()).isFalse();
  }

  @Test
  void a_pod_that_runs_nothing_has_no_statistics() {
    assertThat(statistics.pod(pod(Optional.of("pod"), false))).isEmpty();
  }
}
