package io.intermodal.tests.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.cri.v1.LinuxContainerResources;
import io.intermodal.cri.v1.Signal;
import io.intermodal.cri.v1.UpdateContainerResourcesRequest;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.Cgroups;
import io.intermodal.tests.host.HostProcess;
import java.time.Duration;
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
      assertThat(Cgroups.read(process.cgroup("cpuset"), "cpuset.cpus")).isEqualTo("0");
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
    assertThat(said.getCpusetCpus()).isEqualTo("0");
  }

  @Test
  void an_update_changes_the_running_container() {
    Container container = limited();
    HostProcess process = container.process();

    var _ =
        cri.runtime()
            .updateContainerResources(
                UpdateContainerResourcesRequest.newBuilder()
                    .setContainerId(container.id())
                    .setLinux(
                        LinuxContainerResources.newBuilder()
                            .setMemoryLimitInBytes(96 * MEBIBYTE)
                            .setCpuPeriod(100_000)
                            .setCpuQuota(40_000)
                            .setCpuShares(1024))
                    .build());

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
    return cri.runPod()
        .startIdle(config -> {
          config
              .getLinuxBuilder()
              .getResourcesBuilder()
              .setMemoryLimitInBytes(64 * MEBIBYTE)
              .setCpuPeriod(100_000)
              .setCpuQuota(25_000)
              .setCpuShares(512)
              .setCpusetCpus("0");
          return config;
        });
  }
}
