package io.intermodal.tests.suite.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.intermodal.cri.v1.CgroupDriver;
import io.intermodal.cri.v1.ContainerConfig;
import io.intermodal.cri.v1.ContainerStats;
import io.intermodal.cri.v1.ContainerStatsRequest;
import io.intermodal.cri.v1.LinuxContainerResources;
import io.intermodal.cri.v1.LinuxPodSandboxStats;
import io.intermodal.cri.v1.PodSandboxStatsRequest;
import io.intermodal.cri.v1.PsiStats;
import io.intermodal.cri.v1.RuntimeConfigRequest;
import io.intermodal.cri.v1.UpdateContainerResourcesRequest;
import io.intermodal.cri.v1.UpdatePodSandboxResourcesRequest;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.virtual.ContainerInside;
import io.intermodal.tests.virtual.OnVirtualNode;
import io.intermodal.tests.virtual.ServedNode;
import io.intermodal.tests.virtual.VirtualNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Docker with systemd's cgroup driver on cgroup v2, compared with the kernel's own files. */
@OnVirtualNode
class SystemdCgroupsIT {
  private static final long MEBIBYTE = 1 << 20;
  private static final Duration SOON = Duration.ofMinutes(2);

  private final Cri cri;
  private final ServedNode node;

  SystemdCgroupsIT(Cri cri, ServedNode node) {
    this.cri = cri;
    this.node = node;
  }

  @Test
  void a_kubelet_is_told_that_cgroups_are_systemds() {
    var answer = cri.runtime().runtimeConfig(RuntimeConfigRequest.getDefaultInstance());

    assertThat(answer.getLinux().getCgroupDriver()).isEqualTo(CgroupDriver.SYSTEMD);
  }

  @Test
  void a_container_is_in_the_slice_that_the_kubelets_cgroup_parent_names() {
    String parent =
        "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" + uid() + ".slice";
    Container container = podIn(parent).startIdle();

    Path slice = slice(parent);
    assertThat(node.inside(container).cgroup())
        .isEqualTo(slice.resolve("docker-" + container.id() + ".scope"));
    assertThat(machine().output("ls " + slice))
        .contains("docker-" + container.pod().id() + ".scope");
    assertThat(machine().output("systemctl is-active docker-" + container.id() + ".scope"))
        .isEqualTo("active");
  }

  @Test
  void limits_are_the_files_of_the_container_and_follow_an_update() {
    Container container = cri.runPod().startIdle(SystemdCgroupsIT::limits);
    ContainerInside inside = node.inside(container);

    assertThat(inside.read("memory.max")).isEqualTo(Long.toString(64 * MEBIBYTE));
    assertThat(inside.read("cpu.max")).isEqualTo("25000 100000");
    String weight = inside.read("cpu.weight");

    update(
        container,
        resources ->
            resources
                .setMemoryLimitInBytes(96 * MEBIBYTE)
                .setCpuQuota(50_000)
                .setCpuPeriod(100_000)
                .setCpuShares(2048));

    assertThat(inside.read("memory.max")).isEqualTo(Long.toString(96 * MEBIBYTE));
    assertThat(inside.read("cpu.max")).isEqualTo("50000 100000");
    assertThat(Long.parseLong(inside.read("cpu.weight"))).isGreaterThan(Long.parseLong(weight));
    var said = container.status().getResources().getLinux();
    assertThat(said.getMemoryLimitInBytes()).isEqualTo(96 * MEBIBYTE);
    assertThat(said.getCpuQuota()).isEqualTo(50_000);
    assertThat(said.getCpuShares()).isEqualTo(2048);
  }

  @Test
  void an_update_outlives_a_reload_of_systemd() {
    Container container = cri.runPod().startIdle(SystemdCgroupsIT::limits);
    update(container, resources -> resources.setMemoryLimitInBytes(96 * MEBIBYTE));

    var _ = machine().output("systemctl daemon-reload");

    ContainerInside inside = node.inside(container);
    assertThat(inside.read("memory.max")).isEqualTo(Long.toString(96 * MEBIBYTE));
    assertThat(inside.read("cpu.max")).isEqualTo("25000 100000");
  }

  @Test
  void the_limits_of_a_pod_are_changed_in_its_slice() {
    String parent = ownSlice();
    Pod pod = podIn(parent);
    Path slice = slice(parent);
    // As a kubelet does before it runs the pod.
    var _ =
        machine()
            .output(
                "echo '50000 100000' > %1$s/cpu.max && echo %2$d > %1$s/memory.max"
                    .formatted(slice, 128 * MEBIBYTE));

    var _ =
        cri.runtime()
            .updatePodSandboxResources(
                UpdatePodSandboxResourcesRequest.newBuilder()
                    .setPodSandboxId(pod.id())
                    .setOverhead(LinuxContainerResources.newBuilder().setCpuQuota(10_000))
                    .setResources(
                        LinuxContainerResources.newBuilder()
                            .setCpuShares(2048)
                            .setCpuQuota(60_000)
                            .setCpuPeriod(100_000)
                            .setMemoryLimitInBytes(64 * MEBIBYTE))
                    .build());

    assertThat(read(slice, "cpu.max")).isEqualTo("70000 100000");
    assertThat(read(slice, "memory.max")).isEqualTo(Long.toString(64 * MEBIBYTE));
    assertThat(Long.parseLong(read(slice, "cpu.weight"))).isBetween(79L, 174L);
  }

  @Test
  void cpu_time_and_pressure_lie_between_what_the_kernel_says_before_and_after() {
    Container container =
        cri.runPod()
            .start(
                "while :; do :; done",
                config -> {
                  config
                      .getLinuxBuilder()
                      .getResourcesBuilder()
                      .setCpuPeriod(100_000)
                      .setCpuQuota(20_000);
                  return config;
                });
    Path cgroup = node.inside(container).cgroup();
    Await.until(
        "it has waited for its quota",
        SOON,
        () -> Waited.of(read(cgroup, "cpu.pressure")).some() > 0);

    Usage before = Usage.read(machine(), cgroup);
    ContainerStats stats = stats(container);
    Usage after = Usage.read(machine(), cgroup);

    assertThat(stats.getCpu().getUsageCoreNanoSeconds().getValue())
        .isBetween(before.cpuNanos(), after.cpuNanos());
    assertWaited(stats.getCpu().getPsi(), before.cpu(), after.cpu());
    assertWaited(stats.getMemory().getPsi(), before.memory(), after.memory());
    assertWaited(stats.getIo().getPsi(), before.io(), after.io());
  }

  @Test
  void memory_is_the_kernels_and_the_working_set_is_without_inactive_files() {
    Container container =
        cri.runPod()
            .start(
                "dd if=/dev/zero of=/file bs=1M count=16; exec sleep 3600",
                SystemdCgroupsIT::limits);
    ContainerInside inside = node.inside(container);
    Await.until(
        "the file is in the cache",
        SOON,
        () -> inside.value("memory.stat", "inactive_file") >= 16 * MEBIBYTE);

    var memory = stats(container).getMemory();

    long current = Long.parseLong(inside.read("memory.current"));
    long inactive = inside.value("memory.stat", "inactive_file");
    assertThat(memory.getUsageBytes().getValue()).isCloseTo(current, within(MEBIBYTE));
    assertThat(memory.getWorkingSetBytes().getValue())
        .isCloseTo(current - inactive, within(MEBIBYTE));
    assertThat(memory.getAvailableBytes().getValue())
        .isEqualTo(64 * MEBIBYTE - memory.getWorkingSetBytes().getValue());
    assertThat(memory.getRssBytes().getValue())
        .isCloseTo(inside.value("memory.stat", "anon"), within(MEBIBYTE));
    assertThat(memory.getPageFaults().getValue()).isEqualTo(inside.value("memory.stat", "pgfault"));
  }

  @Test
  void a_pod_uses_what_its_slice_counts() {
    String parent = ownSlice();
    Pod pod = podIn(parent);
    var _ = pod.start("sleep 3600 & exec sleep 3600");
    Path slice = slice(parent);
    // The sandbox's process, and two.
    Await.until("all run", SOON, () -> read(slice, "pids.current").equals("3"));

    Usage before = Usage.read(machine(), slice);
    LinuxPodSandboxStats stats =
        cri.runtime()
            .podSandboxStats(PodSandboxStatsRequest.newBuilder().setPodSandboxId(pod.id()).build())
            .getStats()
            .getLinux();
    Usage after = Usage.read(machine(), slice);

    assertThat(stats.getCpu().getUsageCoreNanoSeconds().getValue())
        .isBetween(before.cpuNanos(), after.cpuNanos());
    assertThat(stats.getMemory().getUsageBytes().getValue())
        .isCloseTo(Long.parseLong(read(slice, "memory.current")), within(MEBIBYTE));
    assertThat(stats.getProcess().getProcessCount().getValue()).isEqualTo(3);
    assertWaited(stats.getCpu().getPsi(), before.cpu(), after.cpu());
    assertWaited(stats.getMemory().getPsi(), before.memory(), after.memory());
    assertWaited(stats.getIo().getPsi(), before.io(), after.io());
  }

  /**
   * How long tasks of a cgroup have waited for something, in nanoseconds.
   *
   * @param some at least one of them
   * @param full all at once
   */
  private record Waited(long some, long full) {
    private static final Pattern TOTAL =
        Pattern.compile("some .* total=(\\d+)\\s+full .* total=(\\d+)");

    /** Reads the text of a file such as {@code cpu.pressure}, which counts microseconds. */
    static Waited of(String pressure) {
      Matcher matcher = TOTAL.matcher(pressure);
      if (!matcher.find()) {
        throw new AssertionError("no pressure: " + pressure);
      }
      return new Waited(
          1000 * Long.parseLong(matcher.group(1)), 1000 * Long.parseLong(matcher.group(2)));
    }
  }

  /** What a cgroup has used at one moment. */
  private record Usage(long cpuNanos, Waited cpu, Waited memory, Waited io) {
    static Usage read(VirtualNode machine, Path cgroup) {
      String text =
          machine.output(
              "cd %s; for f in cpu.stat cpu.pressure memory.pressure io.pressure; do cat $f; echo --; done"
                  .formatted(cgroup));
      List<String> files = List.of(text.split("--\n", -1));
      return new Usage(
          1000 * ContainerInside.valueIn(files.get(0), "usage_usec"),
          Waited.of(files.get(1)),
          Waited.of(files.get(2)),
          Waited.of(files.get(3)));
    }
  }

  private static void assertWaited(PsiStats said, Waited before, Waited after) {
    assertThat(said.getSome().getTotal()).isBetween(before.some(), after.some());
    assertThat(said.getFull().getTotal()).isBetween(before.full(), after.full());
  }

  private static ContainerConfig.Builder limits(ContainerConfig.Builder config) {
    config
        .getLinuxBuilder()
        .getResourcesBuilder()
        .setMemoryLimitInBytes(64 * MEBIBYTE)
        .setCpuPeriod(100_000)
        .setCpuQuota(25_000)
        .setCpuShares(512);
    return config;
  }

  private Pod podIn(String cgroupParent) {
    return cri.runPod(config -> {
      config.getLinuxBuilder().setCgroupParent(cgroupParent);
      return config;
    });
  }

  /** A slice in none but the root: a dash would name another one around it. */
  private static String ownSlice() {
    return "/im" + uid() + ".slice";
  }

  /** As a kubelet writes a pod's uid into the name of its slice. */
  private static String uid() {
    return UUID.randomUUID().toString().replace('-', '_');
  }

  private static Path slice(String cgroupParent) {
    return ContainerInside.CGROUPS.resolve(cgroupParent.substring(1));
  }

  private String read(Path cgroup, String file) {
    return machine().output("cat " + cgroup.resolve(file));
  }

  private ContainerStats stats(Container container) {
    return cri.runtime()
        .containerStats(ContainerStatsRequest.newBuilder().setContainerId(container.id()).build())
        .getStats();
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

  private VirtualNode machine() {
    return node.machine();
  }
}
