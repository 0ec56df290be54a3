package io.intermodal.tests.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.cri.v1.ContainerConfig;
import io.intermodal.cri.v1.NamespaceMode;
import io.intermodal.cri.v1.NamespaceOption;
import io.intermodal.cri.v1.PodSandboxConfig;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.NotOnRkt;
import io.intermodal.tests.host.Cgroups;
import io.intermodal.tests.host.HostProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the containers of a pod share, with each other and with the host. */
@EndToEnd
class PodNamespacesIT {
  private static final HostProcess HOST = new HostProcess(ProcessHandle.current().pid());

  private final Cri cri;

  PodNamespacesIT(Cri cri) {
    this.cri = cri;
  }

  @ParameterizedTest
  @ValueSource(strings = {"net", "ipc"})
  void containers_of_a_pod_share_a_namespace_that_is_not_the_hosts(String kind) {
    Pod pod = cri.runPod();
    HostProcess one = pod.startIdle().process();
    HostProcess two = pod.startIdle().process();

    assertThat(one.namespace(kind))
        .isEqualTo(two.namespace(kind))
        .isEqualTo(HostProcess.mainOf(pod.id()).namespace(kind))
        .isNotEqualTo(HOST.namespace(kind));
  }

  @ParameterizedTest
  @ValueSource(strings = {"net", "ipc", "uts", "pid"})
  void two_pods_share_no_namespace(String kind) {
    assertThat(HostProcess.mainOf(cri.runPod().id()).namespace(kind))
        .isNotEqualTo(HostProcess.mainOf(cri.runPod().id()).namespace(kind));
  }

  @Test
  @NotOnRkt("has one PID namespace for a whole pod")
  void each_container_has_processes_of_its_own_when_asked() {
    Pod pod = cri.runPod(pid(NamespaceMode.CONTAINER));
    Container one = pod.startIdle(ofContainer(NamespaceMode.CONTAINER));
    Container two = pod.startIdle(ofContainer(NamespaceMode.CONTAINER));

    assertThat(one.process().namespace("pid")).isNotEqualTo(two.process().namespace("pid"));
    assertThat(one.output("cat /proc/1/cmdline | tr '\\0' ' '")).startsWith("/bin/sh -c");
  }

  @Test
  void containers_see_each_others_processes_in_the_pods_pid_namespace() {
    Pod pod = cri.runPod(pid(NamespaceMode.POD));
    Container one = pod.startIdle(ofContainer(NamespaceMode.POD));
    Container two = pod.start("exec sleep 98765", ofContainer(NamespaceMode.POD));

    assertThat(one.process().namespace("pid"))
        .isEqualTo(two.process().namespace("pid"))
        .isEqualTo(HostProcess.mainOf(pod.id()).namespace("pid"));
    assertThat(one.output("cat /proc/[0-9]*/cmdline | tr '\\0' ' '")).contains("sleep 98765");
  }

  @Test
  @NotOnRkt("always makes a PID namespace for a pod")
  void a_container_sees_the_hosts_processes_when_asked() {
    Pod pod = cri.runPod(pid(NamespaceMode.NODE));
    Container container = pod.startIdle(ofContainer(NamespaceMode.NODE));

    assertThat(container.process().namespace("pid")).isEqualTo(HOST.namespace("pid"));
  }

  @Test
  @NotOnRkt("has one PID namespace for a whole pod")
  void a_container_joins_the_processes_of_its_target() {
    Pod pod = cri.runPod(pid(NamespaceMode.CONTAINER));
    Container target = pod.startIdle(ofContainer(NamespaceMode.CONTAINER));

    Container debugger =
        pod.startIdle(config -> {
          config
              .getLinuxBuilder()
              .getSecurityContextBuilder()
              .setNamespaceOptions(
                  NamespaceOption.newBuilder()
                      .setPid(NamespaceMode.TARGET)
                      .setTargetId(target.id()));
          return config;
        });

    assertThat(debugger.process().namespace("pid")).isEqualTo(target.process().namespace("pid"));
  }

  @Test
  void the_hosts_ipc_namespace_is_used_when_asked() {
    Pod pod =
        cri.runPod(config -> {
          config
              .getLinuxBuilder()
              .getSecurityContextBuilder()
              .getNamespaceOptionsBuilder()
              .setIpc(NamespaceMode.NODE);
          return config;
        });
    Container container =
        pod.startIdle(config -> {
          config
              .getLinuxBuilder()
              .getSecurityContextBuilder()
              .getNamespaceOptionsBuilder()
              .setIpc(NamespaceMode.NODE);
          return config;
        });

    assertThat(container.process().namespace("ipc")).isEqualTo(HOST.namespace("ipc"));
  }

  @Test
  void sysctls_of_the_pod_hold_inside_and_not_outside() throws Exception {
    Pod pod =
        cri.runPod(config -> {
          config.getLinuxBuilder().putSysctls("net.ipv4.ip_local_port_range", "40000 41000");
          config.getLinuxBuilder().putSysctls("kernel.shm_rmid_forced", "1");
          return config;
        });
    Container container = pod.startIdle();

    assertThat(container.output("cat /proc/sys/net/ipv4/ip_local_port_range").split("\\s+", -1))
        .containsExactly("40000", "41000");
    assertThat(container.output("cat /proc/sys/kernel/shm_rmid_forced")).isEqualTo("1");
    assertThat(Files.readString(Path.of("/proc/sys/kernel/shm_rmid_forced")).strip())
        .isEqualTo("0");
  }

  @Test
  @NotOnRkt("keeps the systemd of a pod out of the controller that this test reads")
  void pod_and_containers_live_below_the_cgroup_asked_for() {
    String parent = "/im-e2e-" + UUID.randomUUID();
    Pod pod =
        cri.runPod(config -> {
          config.getLinuxBuilder().setCgroupParent(parent);
          return config;
        });
    Container container = pod.startIdle();

    for (HostProcess process : List.of(HostProcess.mainOf(pod.id()), container.process())) {
      String controller = Cgroups.unified() ? "" : "cpu";
      assertThat(process.cgroupPath(controller).orElseThrow()).contains(parent + "/");
    }
  }

  private static UnaryOperator<PodSandboxConfig.Builder> pid(NamespaceMode mode) {
    return config -> {
      config
          .getLinuxBuilder()
          .getSecurityContextBuilder()
          .getNamespaceOptionsBuilder()
          .setPid(mode);
      return config;
    };
  }

  private static UnaryOperator<ContainerConfig.Builder> ofContainer(NamespaceMode mode) {
    return config -> {
      config
          .getLinuxBuilder()
          .getSecurityContextBuilder()
          .getNamespaceOptionsBuilder()
          .setPid(mode);
      return config;
    };
  }
}
