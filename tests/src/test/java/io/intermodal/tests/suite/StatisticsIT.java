package io.intermodal.tests.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.intermodal.cri.v1.ContainerStats;
import io.intermodal.cri.v1.ContainerStatsFilter;
import io.intermodal.cri.v1.ContainerStatsRequest;
import io.intermodal.cri.v1.CpuUsage;
import io.intermodal.cri.v1.ListContainerStatsRequest;
import io.intermodal.cri.v1.ListMetricDescriptorsRequest;
import io.intermodal.cri.v1.ListPodSandboxMetricsRequest;
import io.intermodal.cri.v1.ListPodSandboxStatsRequest;
import io.intermodal.cri.v1.Metric;
import io.intermodal.cri.v1.MetricDescriptor;
import io.intermodal.cri.v1.NetworkInterfaceUsage;
import io.intermodal.cri.v1.PodSandboxMetrics;
import io.intermodal.cri.v1.PodSandboxStats;
import io.intermodal.cri.v1.PodSandboxStatsFilter;
import io.intermodal.cri.v1.PodSandboxStatsRequest;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.NotOnRkt;
import io.intermodal.tests.engine.OnlyTranslated;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.Cgroups;
import io.intermodal.tests.host.HostProcess;
import io.intermodal.tests.host.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What pods and containers use, compared with the kernel's own files. */
@EndToEnd
class StatisticsIT {
  private static final long MEBIBYTE = 1 << 20;
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String BUSY = "while :; do :; done";
  private static final int PORT = 7008;

  private final Cri cri;

  StatisticsIT(Cri cri) {
    this.cri = cri;
  }

  @Test
  @NotOnRkt("joins no cgroup of the controller that this test reads")
  void cpu_time_is_the_kernels_and_the_rate_is_its_growth_between_two_requests() {
    Container container =
        cri.runPod()
            .start(
                BUSY,
                config -> {
                  config
                      .getLinuxBuilder()
                      .getResourcesBuilder()
                      .setCpuPeriod(100_000)
                      .setCpuQuota(30_000);
                  return config;
                });

    // Another test may ask for all containers in between, and then the rate is of a shorter time.
    Await.until("two requests of ours follow each other", SOON, () -> rateIsOfInterval(container));
  }

  private boolean rateIsOfInterval(Container container) {
    Path cgroup = container.process().cgroup("cpuacct");
    CpuUsage first = sandwiched(container, cgroup);
    long enough = first.getUsageCoreNanoSeconds().getValue() + 500_000_000L;
    Await.until("half a second more is used", SOON, () -> Cgroups.cpuNanos(cgroup) > enough);
    CpuUsage second = sandwiched(container, cgroup);
    double used =
        second.getUsageCoreNanoSeconds().getValue() - first.getUsageCoreNanoSeconds().getValue();
    double rate = used / (second.getTimestamp() - first.getTimestamp()) * 1e9;
    assertThat(rate).as("the rate under a quota of 30 percent").isLessThan(0.36e9);
    return Math.abs(second.getUsageNanoCores().getValue() - rate) < rate / 20;
  }

  @Test
  void memory_is_the_kernels() {
    Container container =
        cri.runPod()
            .start(
                // The buffer is full, and nobody takes it.
                "dd if=/dev/zero bs=48M | sleep 3600",
                config -> {
                  config
                      .getLinuxBuilder()
                      .getResourcesBuilder()
                      .setMemoryLimitInBytes(128 * MEBIBYTE);
                  return config;
                });
    Path cgroup = container.process().cgroup("memory");
    Await.until("the buffer is full", SOON, () -> Cgroups.anonymousMemory(cgroup) >= 48 * MEBIBYTE);

    var memory = stats(container).getMemory();

    long workingSet = Cgroups.memoryUsage(cgroup) - Cgroups.inactiveFiles(cgroup);
    assertThat(memory.getRssBytes().getValue())
        .isCloseTo(Cgroups.anonymousMemory(cgroup), within(MEBIBYTE))
        .isBetween(48 * MEBIBYTE, 56 * MEBIBYTE);
    assertThat(memory.getUsageBytes().getValue())
        .isCloseTo(Cgroups.memoryUsage(cgroup), within(MEBIBYTE));
    assertThat(memory.getWorkingSetBytes().getValue()).isCloseTo(workingSet, within(MEBIBYTE));
    assertThat(memory.getAvailableBytes().getValue())
        .isEqualTo(128 * MEBIBYTE - memory.getWorkingSetBytes().getValue());
    assertThat(memory.getPageFaults().getValue()).isPositive();
  }

  @Test
  @NotOnRkt("has folders of its own in the layer")
  void the_writable_layer_grows_by_what_is_written() {
    Container container = cri.runPod().startIdle();

    var _ = container.output("mkdir /new && dd if=/dev/zero of=/new/file bs=1M count=10");

    Await.until(
        "10 MiB are seen",
        SOON,
        () -> stats(container).getWritableLayer().getUsedBytes().getValue() >= 10 * MEBIBYTE);
    var layer = stats(container).getWritableLayer();
    assertThat(layer.getUsedBytes().getValue()).isLessThan(11 * MEBIBYTE);
    assertThat(layer.getInodesUsed().getValue()).isBetween(3L, 20L);
    assertThat(Path.of(layer.getFsId().getMountpoint())).exists();
  }

  @Test
  @OnlyTranslated("has no statistics of pods without a cgroup")
  void the_network_of_a_pod_counts_what_was_sent() {
    Pod server = cri.runPod();
    var _ = server.start("exec echo-server " + PORT);
    Await.until("echo over TCP", SOON, () -> Ports.answersTcp(server.ip(), PORT));
    Pod pod = cri.runPod();
    Container client = pod.startIdle();
    NetworkInterfaceUsage before = network(pod);

    var _ =
        client.output(
            "head -c 1000000 /dev/zero | nc -w 2 %s %d | wc -c".formatted(server.ip(), PORT));

    NetworkInterfaceUsage after = network(pod);
    assertThat(after.getName()).isEqualTo("eth0");
    assertThat(after.getTxBytes().getValue() - before.getTxBytes().getValue())
        .isBetween(1_000_000L, 1_300_000L);
    assertThat(after.getRxBytes().getValue() - before.getRxBytes().getValue())
        .isBetween(1_000_000L, 1_300_000L);
  }

  @Test
  @NotOnRkt("joins no cgroup of the controller that this test reads")
  void a_pod_with_a_cgroup_of_its_own_uses_what_that_counts() {
    String parent = "/im-e2e-" + UUID.randomUUID();
    Pod pod =
        cri.runPod(config -> {
          config.getLinuxBuilder().setCgroupParent(parent);
          return config;
        });
    String controller = Cgroups.unified() ? "" : "cpuacct";
    var _ = pod.start(BUSY);
    Path cgroup = Cgroups.mountOf(controller).resolve(parent.substring(1));

    long before = Cgroups.cpuNanos(cgroup);
    PodSandboxStats stats = stats(pod);
    long after = Cgroups.cpuNanos(cgroup);

    assertThat(stats.getLinux().getCpu().getUsageCoreNanoSeconds().getValue())
        .isBetween(before, after);
  }

  @Test
  @OnlyTranslated("has no statistics of pods without a cgroup")
  void a_pod_without_a_cgroup_of_its_own_uses_what_its_parts_use() {
    Pod pod = cri.runPod();
    Container one = pod.startIdle();
    Container two = pod.start(BUSY);

    PodSandboxStats stats = stats(pod);

    var linux = stats.getLinux();
    assertThat(stats.getAttributes().getMetadata()).isEqualTo(pod.config().getMetadata());
    assertThat(stats.getAttributes().getLabelsMap()).isEqualTo(pod.config().getLabelsMap());
    assertThat(linux.getContainersList())
        .extracting(container -> container.getAttributes().getId())
        .containsExactlyInAnyOrder(one.id(), two.id());
    assertThat(linux.getMemory().getWorkingSetBytes().getValue())
        .isGreaterThanOrEqualTo(
            linux.getContainersList().stream()
                .mapToLong(container -> container.getMemory().getWorkingSetBytes().getValue())
                .sum());
    assertThat(linux.getCpu().getUsageCoreNanoSeconds().getValue())
        .isGreaterThanOrEqualTo(
            linux.getContainersList().stream()
                .mapToLong(container -> container.getCpu().getUsageCoreNanoSeconds().getValue())
                .sum());
  }

  @Test
  @OnlyTranslated("has no statistics of pods without a cgroup")
  void processes_are_counted_with_the_one_that_holds_the_pod() {
    Pod pod = cri.runPod();
    Container container = pod.startIdle();
    Await.until(
        "the shell and its sleep run",
        SOON,
        () -> HostProcess.ofContainer(container.id()).size() == 2);

    assertThat(stats(pod).getLinux().getProcess().getProcessCount().getValue()).isEqualTo(3);
  }

  @Test
  @OnlyTranslated("lists containers that have ended")
  void a_container_that_has_ended_is_in_no_list_and_uses_no_more_than_disk() {
    Pod pod = cri.runPod();
    Container running = pod.startIdle();
    Container ended = pod.start("exit 0");
    Container created = pod.create(cri.shell("exit 0"));
    ended.awaitExit();

    assertThat(ids(ContainerStatsFilter.newBuilder().setPodSandboxId(pod.id())))
        .containsExactly(running.id());
    for (Container container : List.of(ended, created)) {
      ContainerStats stats = stats(container);
      assertThat(stats.getAttributes().getId()).isEqualTo(container.id());
      assertThat(stats.getAttributes().getMetadata()).isEqualTo(container.config().getMetadata());
      assertThat(stats.hasCpu()).isFalse();
      assertThat(stats.hasMemory()).isFalse();
    }

    pod.stop();
    assertThat(podIds(PodSandboxStatsFilter.newBuilder().setId(pod.id()))).isEmpty();
    assertThat(stats(pod).getAttributes().getId()).isEqualTo(pod.id());
  }

  @Test
  void what_does_not_exist_is_not_found() {
    notFound(() -> {
      var _ =
          cri.runtime()
              .containerStats(ContainerStatsRequest.newBuilder().setContainerId("none").build());
    });
    notFound(() -> {
      var _ =
          cri.runtime()
              .podSandboxStats(PodSandboxStatsRequest.newBuilder().setPodSandboxId("none").build());
    });
  }

  @Test
  @OnlyTranslated("has no statistics of pods without a cgroup")
  void filters_choose_by_the_beginning_of_an_id_by_pod_and_by_labels() {
    Pod pod = cri.runPod(config -> config.putLabels("of", "this"));
    Pod other = cri.runPod();
    Container one =
        pod.start("sleep 3600", config -> config.putLabels("is", "one").putLabels("of", "both"));
    Container two =
        pod.start("sleep 3600", config -> config.putLabels("is", "two").putLabels("of", "both"));
    Container three = other.start("sleep 3600", config -> config.putLabels("is", "one"));

    ContainerStatsFilter.Builder none = ContainerStatsFilter.newBuilder();
    assertThat(ids(none.clone())).contains(one.id(), two.id(), three.id());
    assertThat(ids(none.clone().setId(two.id().substring(0, 20)))).containsExactly(two.id());
    assertThat(ids(none.clone().setPodSandboxId(pod.id().substring(0, 20))))
        .containsExactlyInAnyOrder(one.id(), two.id());
    assertThat(ids(none.clone().setPodSandboxId(pod.id()).putLabelSelector("is", "one")))
        .containsExactly(one.id());
    assertThat(ids(none.clone().setId(one.id()).putLabelSelector("is", "two"))).isEmpty();
    assertThat(podIds(PodSandboxStatsFilter.newBuilder())).contains(pod.id(), other.id());
    assertThat(podIds(PodSandboxStatsFilter.newBuilder().setId(pod.id().substring(0, 20))))
        .containsExactly(pod.id());
    assertThat(
            podIds(
                PodSandboxStatsFilter.newBuilder()
                    .putLabelSelector("of", "this")
                    .putLabelSelector(Cri.SESSION_LABEL, cri.session())))
        .containsExactly(pod.id());
  }

  @Test
  @OnlyTranslated("has no metrics")
  void metrics_have_the_labels_that_their_descriptors_name() {
    Pod pod = cri.runPod();
    Container container = pod.startIdle();
    Map<String, Integer> labels =
        cri
            .runtime()
            .listMetricDescriptors(ListMetricDescriptorsRequest.getDefaultInstance())
            .getDescriptorsList()
            .stream()
            .collect(
                Collectors.toMap(MetricDescriptor::getName, MetricDescriptor::getLabelKeysCount));

    PodSandboxMetrics metrics =
        cri
            .runtime()
            .listPodSandboxMetrics(ListPodSandboxMetricsRequest.getDefaultInstance())
            .getPodMetricsList()
            .stream()
            .filter(candidate -> candidate.getPodSandboxId().equals(pod.id()))
            .findFirst()
            .orElseThrow();

    List<Metric> ofContainer =
        metrics.getContainerMetricsList().stream()
            .filter(candidate -> candidate.getContainerId().equals(container.id()))
            .findFirst()
            .orElseThrow()
            .getMetricsList();
    assertThat(ofContainer)
        .extracting(Metric::getName)
        .contains("container_cpu_usage_seconds_total", "container_memory_working_set_bytes");
    assertThat(metrics.getMetricsList())
        .extracting(Metric::getName)
        .contains("container_network_receive_bytes_total");
    for (List<Metric> list : List.of(ofContainer, metrics.getMetricsList())) {
      assertThat(list)
          .allSatisfy(metric ->
              assertThat(labels).containsEntry(metric.getName(), metric.getLabelValuesCount()));
    }
  }

  /** The CPU time of a request lies between what the kernel says before and after it. */
  private CpuUsage sandwiched(Container container, Path cgroup) {
    long before = Cgroups.cpuNanos(cgroup);
    CpuUsage usage = stats(container).getCpu();
    long after = Cgroups.cpuNanos(cgroup);
    assertThat(usage.getUsageCoreNanoSeconds().getValue()).isBetween(before, after);
    return usage;
  }

  private ContainerStats stats(Container container) {
    return cri.runtime()
        .containerStats(ContainerStatsRequest.newBuilder().setContainerId(container.id()).build())
        .getStats();
  }

  private PodSandboxStats stats(Pod pod) {
    return cri.runtime()
        .podSandboxStats(PodSandboxStatsRequest.newBuilder().setPodSandboxId(pod.id()).build())
        .getStats();
  }

  private NetworkInterfaceUsage network(Pod pod) {
    return stats(pod).getLinux().getNetwork().getDefaultInterface();
  }

  private List<String> ids(ContainerStatsFilter.Builder filter) {
    return cri
        .runtime()
        .listContainerStats(ListContainerStatsRequest.newBuilder().setFilter(filter).build())
        .getStatsList()
        .stream()
        .map(stats -> stats.getAttributes().getId())
        .toList();
  }

  private List<String> podIds(PodSandboxStatsFilter.Builder filter) {
    return cri
        .runtime()
        .listPodSandboxStats(ListPodSandboxStatsRequest.newBuilder().setFilter(filter).build())
        .getStatsList()
        .stream()
        .map(stats -> stats.getAttributes().getId())
        .toList();
  }

  private static void notFound(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND));
  }
}
