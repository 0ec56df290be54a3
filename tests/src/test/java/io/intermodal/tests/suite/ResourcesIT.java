package io.intermodal.tests.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusRuntimeException;
import io.intermodal.cri.v1.ContainerConfig;
import io.intermodal.cri.v1.HugepageLimit;
import io.intermodal.cri.v1.LinuxContainerResources;
import io.intermodal.cri.v1.Signal;
import io.intermodal.cri.v1.UpdateContainerResourcesRequest;
import io.intermodal.cri.v1.UpdatePodSandboxResourcesRequest;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.engine.NotOnRkt;
import io.intermodal.tests.engine.OnlyTranslated;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.Cgroups;
import io.intermodal.tests.host.HostProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** Limits as the kernel has them, and the signal that ends a container. */
@EndToEnd
class ResourcesIT {
  private static final long MEBIBYTE = 1 << 20;

  private final Cri cri;
  private final Node node;

  ResourcesIT(Cri cri, Node node) {
    this.cri = cri;
    this.node = node;
  }

  @Test
  void limits_are_in_the_cgroup_of_the_container() {
    Container container = limited();

    HostProcess process = container.process();
    assertThat(Cgroups.memoryLimit(process)).isEqualTo(64 * MEBIBYTE);
    assertThat(Cgroups.cpuQuotaAndPeriod(process)).isEqualTo("25000 100000");
    if (!Cgroups.unified()) {
      assertThat(Cgroups.cpuShares(process)).isEqualTo(512);
      if (!node.rkt()) {
        assertThat(Cgroups.read(process.cgroup("cpuset"), "cpuset.cpus")).isEqualTo("0");
      }
    }
  }

  @Test
  void the_status_says_the_limits() {
    if (!node.ours()) {
      throw new TestAbortedException("older runtimes do not know the field");
    }
    LinuxContainerResources said = limited().status().getResources().getLinux();

    assertThat(said.getMemoryLimitInBytes()).isEqualTo(64 * MEBIBYTE);
    assertThat(said.getCpuQuota()).isEqualTo(25_000);
    assertThat(said.getCpuPeriod()).isEqualTo(100_000);
    assertThat(said.getCpuShares()).isEqualTo(512);
    assertThat(said.getCpusetCpus()).isEqualTo(cpus());
  }

  @Test
  void an_update_changes_the_running_container() {
    Container container = limited();
    HostProcess process = container.process();

    update(
        container,
        resources ->
            resources
                .setMemoryLimitInBytes(96 * MEBIBYTE)
                .setCpuPeriod(100_000)
                .setCpuQuota(40_000)
                .setCpuShares(1024));

    assertThat(process.running()).isTrue();
    assertThat(Cgroups.memoryLimit(process)).isEqualTo(96 * MEBIBYTE);
    assertThat(Cgroups.cpuQuotaAndPeriod(process)).isEqualTo("40000 100000");
    if (node.ours()) {
      LinuxContainerResources said = container.status().getResources().getLinux();
      assertThat(said.getMemoryLimitInBytes()).isEqualTo(96 * MEBIBYTE);
      assertThat(said.getCpuQuota()).isEqualTo(40_000);
    }
  }

  @Test
  void an_update_of_a_created_container_holds_when_it_starts() {
    Container container = cri.runPod().create(limits(cri.shell("sleep 3600")));
    update(container, resources -> resources.setMemoryLimitInBytes(96 * MEBIBYTE));

    container.start();

    assertThat(Cgroups.memoryLimit(container.process())).isEqualTo(96 * MEBIBYTE);
  }

  @Test
  void what_an_update_does_not_say_stays() {
    Container container = limited();

    update(container, resources -> resources.setCpuShares(1024));
    update(container, resources -> resources.setCpuQuota(-1).setCpuPeriod(100_000));

    HostProcess process = container.process();
    assertThat(Cgroups.memoryLimit(process)).isEqualTo(64 * MEBIBYTE);
    assertThat(Cgroups.cpuQuotaAndPeriod(process)).isIn("-1 100000", "max 100000");
    if (node.ours()) {
      LinuxContainerResources said = container.status().getResources().getLinux();
      assertThat(said.getMemoryLimitInBytes()).isEqualTo(64 * MEBIBYTE);
      assertThat(said.getCpuShares()).isEqualTo(1024);
      assertThat(said.getCpuQuota()).isEqualTo(-1);
      assertThat(said.getCpusetCpus()).isEqualTo(cpus());
    }
  }

  @Test
  void a_memory_limit_can_grow_and_shrink_again_and_takes_swap_along() {
    Container container = limited();
    HostProcess process = container.process();

    for (long mebibytes : List.of(256L, 32L)) {
      update(container, resources -> resources.setMemoryLimitInBytes(mebibytes * MEBIBYTE));

      assertThat(Cgroups.memoryLimit(process)).isEqualTo(mebibytes * MEBIBYTE);
      assertThat(process.running()).isTrue();
    }
  }

  @Test
  @OnlyTranslated("words it otherwise")
  void a_memory_limit_below_what_is_used_is_refused_and_the_old_one_is_still_told() {
    if (Cgroups.unified()) {
      throw new TestAbortedException("with cgroup v2 the kernel ends processes instead");
    }
    Container container =
        cri.runPod().start("dd if=/dev/zero bs=48M | sleep 3600", config -> limits(config));
    HostProcess process = container.process();
    Await.until(
        "48 MiB are used",
        Duration.ofSeconds(10),
        () -> Cgroups.anonymousMemory(process.cgroup("memory")) >= 48 * MEBIBYTE);

    assertThatThrownBy(
            () -> update(container, resources -> resources.setMemoryLimitInBytes(16 * MEBIBYTE)))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining(container.id());

    assertThat(Cgroups.memoryLimit(process)).isEqualTo(64 * MEBIBYTE);
    if (node.ours()) {
      assertThat(container.status().getResources().getLinux().getMemoryLimitInBytes())
          .isEqualTo(64 * MEBIBYTE);
    }
  }

  @Test
  @NotOnRkt("has no limits of huge pages")
  void limits_that_docker_does_not_keep_are_told_as_they_were_changed() {
    if (!node.ours()) {
      throw new TestAbortedException("older runtimes do not know the field");
    }
    for (Container container :
        List.of(cri.runPod().create(cri.shell("sleep 3600")), cri.runPod().startIdle())) {
      update(container, resources -> resources.addHugepageLimits(hugepages(8 * MEBIBYTE)));
      update(container, resources -> resources.addHugepageLimits(hugepages(4 * MEBIBYTE)));

      assertThat(container.status().getResources().getLinux().getHugepageLimitsList())
          .containsExactly(hugepages(4 * MEBIBYTE));
    }
  }

  @Test
  @OnlyTranslated("does not know UpdatePodSandboxResources")
  @NotOnRkt("keeps no resources of a pod")
  void the_limits_of_a_pod_are_changed_in_its_cgroup() throws IOException {
    if (Cgroups.unified()) {
      throw new TestAbortedException("this test writes files of cgroup v1");
    }
    String parent = "im-e2e-" + UUID.randomUUID();
    Pod pod =
        cri.runPod(config -> {
          config.getLinuxBuilder().setCgroupParent("/" + parent);
          return config;
        });
    Path cpu = Cgroups.mountOf("cpu").resolve(parent);
    Path memory = Cgroups.mountOf("memory").resolve(parent);
    Files.writeString(cpu.resolve("cpu.cfs_quota_us"), "50000");

    updatePod(
        pod.id(),
        LinuxContainerResources.newBuilder().setCpuShares(102).setCpuQuota(10_000),
        LinuxContainerResources.newBuilder()
            .setCpuShares(512)
            .setCpuQuota(60_000)
            .setCpuPeriod(100_000)
            .setMemoryLimitInBytes(64 * MEBIBYTE));

    assertThat(Cgroups.read(cpu, "cpu.shares")).isEqualTo("614");
    assertThat(Cgroups.read(cpu, "cpu.cfs_quota_us")).isEqualTo("70000");
    // It had no memory limit, as a pod with an unlimited container has none.
    assertThat(Long.parseLong(Cgroups.read(memory, "memory.limit_in_bytes")))
        .isGreaterThan(64 * MEBIBYTE);
  }

  @Test
  @NotOnRkt("keeps no resources of a pod")
  void a_pod_without_a_cgroup_of_its_own_cannot_be_limited() {
    if (!node.ours()) {
      throw new TestAbortedException("other runtimes only take note");
    }
    LinuxContainerResources.Builder none = LinuxContainerResources.newBuilder();
    String pod = cri.runPod().id();

    assertThatThrownBy(() -> updatePod(pod, none, none))
        .hasMessageContaining("FAILED_PRECONDITION")
        .hasMessageContaining("cgroup_parent");
    assertThatThrownBy(() -> updatePod(pod, none, none.clone().setCpuShares(-1)))
        .hasMessageContaining("INVALID_ARGUMENT")
        .hasMessageContaining("cpu_shares: -1");
    assertThatThrownBy(() -> updatePod("none", none, none)).hasMessageContaining("NOT_FOUND");
  }

  @Test
  void the_stop_signal_of_the_container_is_used_and_said() {
    if (!node.ours()) {
      throw new TestAbortedException("older runtimes do not know the field");
    }
    Container container =
        cri.runPod()
            .start(
                "trap 'echo got it; exit 5' USR1; while :; do sleep 0.1; done",
                config -> config.setStopSignal(Signal.SIGNAL_SIGUSR1));
    Await.until(
        "the shell has set its trap",
        Duration.ofSeconds(10),
        () -> HostProcess.ofContainer(container.id()).size() > 1);
    assertThat(container.status().getStopSignal()).isEqualTo(Signal.SIGNAL_SIGUSR1);

    container.stop(20);

    assertThat(container.status().getExitCode()).isEqualTo(5);
    assertThat(container.log().output("stdout")).isEqualTo("got it\n");
  }

  private Container limited() {
    return cri.runPod().startIdle(this::limits);
  }

  private ContainerConfig.Builder limits(ContainerConfig.Builder config) {
    config
        .getLinuxBuilder()
        .getResourcesBuilder()
        .setMemoryLimitInBytes(64 * MEBIBYTE)
        .setCpuPeriod(100_000)
        .setCpuQuota(25_000)
        .setCpuShares(512)
        .setCpusetCpus(cpus());
    return config;
  }

  /** rkt cannot bind a container to some of the CPUs, and says so. */
  private String cpus() {
    return node.rkt() ? "" : "0";
  }

  private static HugepageLimit hugepages(long limit) {
    return HugepageLimit.newBuilder().setPageSize("2MB").setLimit(limit).build();
  }

  private void update(Container container, UnaryOperator<LinuxContainerResources.Builder> wish) {
    var _ =
        cri.runtime()
            .updateContainerResources(
                UpdateContainerResourcesRequest.newBuilder()
                    .setContainerId(container.id())
                    .setLinux(wish.apply(LinuxContainerResources.newBuilder()))
                    .build());
  }

  private void updatePod(
      String id,
      LinuxContainerResources.Builder overhead,
      LinuxContainerResources.Builder resources) {
    var _ =
        cri.runtime()
            .updatePodSandboxResources(
                UpdatePodSandboxResourcesRequest.newBuilder()
                    .setPodSandboxId(id)
                    .setOverhead(overhead)
                    .setResources(resources)
                    .build());
  }
}
