package io.intermodal.server.stats.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.cri.v1.ContainerAttributes;
import io.intermodal.cri.v1.ContainerMetadata;
import io.intermodal.cri.v1.ContainerMetrics;
import io.intermodal.cri.v1.Metric;
import io.intermodal.cri.v1.PodSandboxAttributes;
import io.intermodal.cri.v1.PodSandboxMetadata;
import io.intermodal.cri.v1.PodSandboxMetrics;
import io.intermodal.runtime.node.Host;
import io.intermodal.runtime.node.statistics.CgroupPlace;
import io.intermodal.runtime.node.statistics.FolderSizes;
import io.intermodal.runtime.node.statistics.MeasuredContainer;
import io.intermodal.runtime.node.statistics.MeasuredPod;
import io.intermodal.server.stats.cgroup.CgroupReader;
import io.intermodal.server.stats.cgroup.hierarchy.Hierarchies;
import io.intermodal.server.stats.network.NetworkReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodMetricsTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.ofEpochSecond(1_700_000_060), ZoneOffset.UTC);
  private static final String POD = "kubepods/pod1";
  private static final String CONTAINER = POD + "/c1";

  @TempDir Path host;
  private Path cgroups;
  private Path proc;

  @BeforeEach
  void a_process_in_a_network() throws IOException {
    cgroups = host.resolve("cgroup");
    proc = host.resolve("proc");
    write(
        proc,
        "7/net/dev",
        """
        Inter-|   Receive                                                |  Transmit
         face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs
            lo:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0
          eth0:     100      10    1    2    0     0          0         0      200      20    3    4    0     0       0          0
        """);
    write(
        proc,
        "8/limits",
        "Max open files            1024                 4096                 files\n");
    Files.createDirectories(proc.resolve("8/fd"));
    Files.createSymbolicLink(proc.resolve("8/fd/0"), Path.of("socket:[1]"));
  }

  @Test
  void a_container_in_version_2_has_a_value_for_all_that_its_cgroup_counts() throws IOException {
    versionTwo();

    assertThat(Told.briefly(onlyContainer(metrics(Host.Cgroups.V2, pod(false))).getMetricsList()))
        .contains(
            "container_start_time_seconds 1700000000",
            "container_last_seen 1700000060",
            "container_cpu_usage_seconds_total{cpu=\"total\"} 12",
            "container_cpu_cfs_throttled_seconds_total 2",
            "container_spec_cpu_quota 20000",
            "container_memory_usage_bytes 1000",
            "container_memory_working_set_bytes 700",
            "container_memory_failcnt 5",
            "container_oom_events_total 1",
            "container_spec_memory_limit_bytes 4096",
            "container_spec_memory_swap_limit_bytes 5120",
            "container_pressure_cpu_waiting_seconds_total 3",
            "container_blkio_device_usage_total{device=\"8:0\",major=\"8\",minor=\"0\","
                + "operation=\"Write\"} 512",
            "container_processes 1",
            "container_file_descriptors 1",
            "container_sockets 1",
            "container_ulimits_soft{ulimit=\"max_open_files\"} 1024",
            "container_threads 4",
            "container_threads_max 0");
  }

  @Test
  void a_container_in_version_1_has_the_same_values_and_none_for_pressure() throws IOException {
    versionOne();

    List<String> told =
        Told.briefly(onlyContainer(metrics(Host.Cgroups.V1, pod(false))).getMetricsList());

    assertThat(told)
        .contains(
            "container_cpu_usage_seconds_total{cpu=\"total\"} 12",
            "container_cpu_cfs_throttled_seconds_total 2",
            "container_spec_cpu_shares 512",
            "container_spec_cpu_quota 20000",
            "container_memory_usage_bytes 1000",
            "container_memory_working_set_bytes 700",
            "container_memory_failures_total{failure_type=\"pgfault\",scope=\"container\"} 10",
            "container_memory_failures_total{failure_type=\"pgfault\",scope=\"hierarchy\"} 11",
            "container_memory_failcnt 5",
            "container_processes 1",
            "container_threads 4",
            "container_threads_max 100")
        .noneMatch(line -> line.startsWith("container_pressure"));
  }

  // cAdvisor reads what is set for the cgroup itself. The limit of all pods is not a container's.
  @Test
  void a_limit_in_version_1_is_the_containers_own() throws IOException {
    versionOne();

    assertThat(Told.briefly(onlyContainer(metrics(Host.Cgroups.V1, pod(false))).getMetricsList()))
        .contains(
            "container_spec_memory_limit_bytes 0", "container_spec_memory_swap_limit_bytes 0");
  }

  @Test
  void a_container_is_labelled_with_its_pod_and_image() throws IOException {
    versionTwo();

    assertThat(Told.inFull(onlyContainer(metrics(Host.Cgroups.V2, pod(false))).getMetricsList()))
        .contains(
            "container_memory_usage_bytes{id=\"c1\",image=\"busybox:1\",namespace=\"shop\","
                + "pod=\"cart\",container=\"web\"} 1000");
  }

  @Test
  void a_pod_has_its_network_and_the_use_of_its_own_cgroup() throws IOException {
    versionTwo();

    assertThat(Told.inFull(metrics(Host.Cgroups.V2, pod(false)).getMetricsList()))
        .contains(
            "container_network_receive_bytes_total{id=\"s1\",image=\"\",namespace=\"shop\","
                + "pod=\"cart\",container=\"POD\",interface=\"eth0\"} 100",
            "container_memory_usage_bytes{id=\"s1\",image=\"\",namespace=\"shop\","
                + "pod=\"cart\",container=\"\"} 3000")
        .noneMatch(line -> line.contains("\"lo\"") || line.startsWith("container_spec"));
  }

  @Test
  void the_hosts_network_is_not_counted_as_a_pods() throws IOException {
    versionTwo();

    assertThat(metrics(Host.Cgroups.V2, pod(true)).getMetricsList())
        .extracting(Metric::getName)
        .noneMatch(name -> name.startsWith("container_network"));
  }

  // A kubelet's whole export fails when two of its metrics have the same name and labels.
  @Test
  void no_metric_is_told_twice() throws IOException {
    versionTwo();
    PodSandboxMetrics all = metrics(Host.Cgroups.V2, pod(false));

    assertThat(
            Stream.concat(
                all.getMetricsList().stream(), onlyContainer(all).getMetricsList().stream()))
        .extracting(metric -> Map.entry(metric.getName(), List.copyOf(metric.getLabelValuesList())))
        .doesNotHaveDuplicates();
  }

  @Test
  void a_container_that_vanished_has_no_metrics() throws IOException {
    Files.createDirectories(cgroups);

    PodSandboxMetrics metrics = metrics(Host.Cgroups.V2, pod(false));

    assertThat(metrics.getPodSandboxId()).isEqualTo("s1");
    assertThat(metrics.getContainerMetricsList()).isEmpty();
  }

  private PodSandboxMetrics metrics(Host.Cgroups version, MeasuredPod pod) {
    try (CgroupReader reader = Hierarchies.reader(version, cgroups, proc, CLOCK)) {
      return new PodMetrics(
              reader, new NetworkReader(proc, CLOCK), new NoSizes(), proc, host.resolve("sys"))
          .of(pod);
    }
  }

  private static ContainerMetrics onlyContainer(PodSandboxMetrics metrics) {
    assertThat(metrics.getContainerMetricsList()).hasSize(1);
    return metrics.getContainerMetrics(0);
  }

  private static MeasuredPod pod(boolean hostNetwork) {
    MeasuredContainer container =
        new MeasuredContainer(
            ContainerAttributes.newBuilder()
                .setId("c1")
                .setMetadata(ContainerMetadata.newBuilder().setName("web"))
                .build(),
            "busybox:1",
            new CgroupPlace(CONTAINER, 0),
            1_700_000_000_000_000_000L,
            Optional.empty());
    return new MeasuredPod(
        PodSandboxAttributes.newBuilder()
            .setId("s1")
            .setMetadata(PodSandboxMetadata.newBuilder().setName("cart").setNamespace("shop"))
            .build(),
        new CgroupPlace(POD + "/s1", 7),
        Optional.of(POD),
        hostNetwork,
        1,
        List.of(container));
  }

  private void versionTwo() throws IOException {
    write(cgroups, POD + "/cpu.stat", "usage_usec 13000000\n");
    write(cgroups, POD + "/memory.current", "3000\n");
    write(cgroups, POD + "/memory.stat", "anon 2000\n");
    write(
        cgroups,
        CONTAINER + "/cpu.stat",
        """
        usage_usec 12999999
        user_usec 9000000
        system_usec 3999999
        nr_periods 40
        nr_throttled 4
        throttled_usec 2100000
        """);
    write(cgroups, CONTAINER + "/cpu.max", "20000 100000\n");
    write(
        cgroups,
        CONTAINER + "/cpu.pressure",
        """
        some avg10=0.00 avg60=0.00 avg300=0.00 total=3100000
        full avg10=0.00 avg60=0.00 avg300=0.00 total=1000000
        """);
    write(cgroups, CONTAINER + "/memory.current", "1000\n");
    write(cgroups, CONTAINER + "/memory.stat", "anon 400\nfile 600\ninactive_file 300\n");
    write(cgroups, CONTAINER + "/memory.max", "4096\n");
    write(cgroups, CONTAINER + "/memory.swap.current", "0\n");
    write(cgroups, CONTAINER + "/memory.swap.max", "1024\n");
    write(cgroups, CONTAINER + "/memory.events", "low 0\nhigh 0\nmax 5\noom 1\noom_kill 1\n");
    write(
        cgroups,
        CONTAINER + "/io.stat",
        "8:0 rbytes=4096 wbytes=512 rios=3 wios=1 dbytes=0 dios=0\n");
    write(cgroups, CONTAINER + "/pids.current", "4\n");
    write(cgroups, CONTAINER + "/pids.max", "max\n");
    write(cgroups, CONTAINER + "/cgroup.procs", "8\n");
  }

  private void versionOne() throws IOException {
    write(cgroups, "cpuacct/" + CONTAINER + "/cpuacct.usage", "12999999999\n");
    write(
        cgroups,
        "cpu/" + CONTAINER + "/cpu.stat",
        "nr_periods 40\nnr_throttled 4\nthrottled_time 2100000000\n");
    write(cgroups, "cpu/" + CONTAINER + "/cpu.cfs_quota_us", "20000\n");
    write(cgroups, "cpu/" + CONTAINER + "/cpu.cfs_period_us", "100000\n");
    write(cgroups, "cpu/" + CONTAINER + "/cpu.shares", "512\n");
    String memory = "memory/" + CONTAINER;
    write(cgroups, memory + "/memory.usage_in_bytes", "1000\n");
    write(cgroups, memory + "/memory.failcnt", "5\n");
    write(cgroups, memory + "/memory.limit_in_bytes", "9223372036854771712\n");
    write(cgroups, memory + "/memory.memsw.limit_in_bytes", "9223372036854771712\n");
    write(
        cgroups,
        memory + "/memory.stat",
        """
        pgfault 10
        pgmajfault 1
        hierarchical_memory_limit 8589934592
        hierarchical_memsw_limit 9223372036854771712
        total_cache 600
        total_rss 400
        total_swap 0
        total_pgfault 11
        total_pgmajfault 2
        total_inactive_file 300
        """);
    write(cgroups, memory + "/cgroup.procs", "8\n");
    write(cgroups, "pids/" + CONTAINER + "/pids.current", "4\n");
    write(cgroups, "pids/" + CONTAINER + "/pids.max", "100\n");
  }

  private static void write(Path root, String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /** As before any folder was walked. */
  private static final class NoSizes implements FolderSizes {
    @Override
    public Optional<FolderUse> of(Path folder) {
      return Optional.empty();
    }

    @Override
    public Optional<FolderUse> ofUnchanging(Path folder) {
      return Optional.empty();
    }

    @Override
    public void forget(Path folder) {
      // Nothing was kept.
    }
  }
}
