package io.intermodal.rkt.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.cri.v1.Capability;
import io.intermodal.cri.v1.ContainerConfig;
import io.intermodal.cri.v1.ContainerMetadata;
import io.intermodal.cri.v1.ContainerStatus;
import io.intermodal.cri.v1.HugepageLimit;
import io.intermodal.cri.v1.Image;
import io.intermodal.cri.v1.LinuxContainerConfig;
import io.intermodal.cri.v1.LinuxContainerResources;
import io.intermodal.cri.v1.LinuxContainerSecurityContext;
import io.intermodal.cri.v1.Mount;
import io.intermodal.cri.v1.MountPropagation;
import io.intermodal.cri.v1.NamespaceMode;
import io.intermodal.cri.v1.NamespaceOption;
import io.intermodal.cri.v1.PodSandboxConfig;
import io.intermodal.cri.v1.SecurityProfile;
import io.intermodal.cri.v1.Signal;
import io.intermodal.rkt.image.KnownImage;
import io.intermodal.rkt.index.Container.Streams;
import io.intermodal.rkt.pod.Input;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.node.Host;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerSpecTest {
  private static final String ID = "3fa2b1c0" + "0".repeat(56);
  private static final Host HOST = new Host(Host.Cgroups.V1, -10, false, false);

  @TempDir Path folder;
  private boolean privilegedPod;

  @Test
  void the_name_is_one_that_rkt_takes_and_no_other_app_has() {
    assertThat(spec(c -> {}).app()).isEqualTo("0-web-3fa2b1c0");
    assertThat(
            spec(c ->
                    c.setMetadata(ContainerMetadata.newBuilder().setName("_My.App_").setAttempt(3)))
                .app())
        .isEqualTo("3-my-app-3fa2b1c0");
    assertThat(
            spec(c -> c.setMetadata(ContainerMetadata.newBuilder().setName("x".repeat(200)))).app())
        .matches("[a-z0-9-]{1,60}");
  }

  @Test
  void the_status_can_be_read_back_from_the_flags() {
    ContainerSpec spec =
        spec(c ->
            c.setTty(true)
                .setStdin(true)
                .setStdinOnce(true)
                .putLabels("l", "1")
                .putAnnotations("a", "x=y\n\"z\"")
                .setLogPath("web/0.log"));
    Map<String, String> annotations = new HashMap<>();
    spec.flags().stream()
        .filter(flag -> flag.startsWith("--user-annotation="))
        .map(flag -> flag.substring("--user-annotation=".length()).split("=", 2))
        .forEach(pair -> annotations.put(pair[0], pair[1]));

    ContainerStatus read = OwnAnnotations.container(annotations).orElseThrow();

    assertThat(read).isEqualTo(spec.facts());
    assertThat(read.getLogPath()).isEqualTo("/logs/web/0.log");
    assertThat(read.getImageId()).isEqualTo("sha256:1");
    assertThat(read.getStopSignal()).as("the image's").isEqualTo(Signal.SIGNAL_SIGQUIT);
    assertThat(OwnAnnotations.streams(annotations))
        .isEqualTo(spec.streams())
        .isEqualTo(new Streams(true, Input.ONCE));
  }

  @Test
  void the_command_comes_last_and_whole() {
    List<String> flags = spec(c -> c.addArgs("100%")).flags();

    assertThat(flags).endsWith("--exec=/entry", "--", "-e", "100%%", "---");
    assertThat(flags).startsWith("--name=0-web-3fa2b1c0", "--user=1000", "--group=2000");
  }

  @Test
  void the_filter_of_system_calls_is_never_rkts_own() {
    assertThat(spec(c -> {}).flags()).contains("--seccomp=mode=retain,@appc.io/all");
    assertThat(
            secured(s ->
                    s.setSeccomp(
                        SecurityProfile.newBuilder()
                            .setProfileType(SecurityProfile.ProfileType.RuntimeDefault)))
                .flags())
        .contains("--seccomp=mode=remove,errno=EPERM,@docker/default-blacklist");
    assertThat(secured(s -> s.setNoNewPrivs(true)).service().settings())
        .contains("NoNewPrivileges=true");
  }

  @Test
  void a_profile_of_the_host_is_translated_or_refused() throws Exception {
    Path simple =
        Files.writeString(
            folder.resolve("simple.json"),
            """
            {"defaultAction":"SCMP_ACT_ALLOW",
             "syscalls":[{"names":["chmod","fchmod"],"action":"SCMP_ACT_ERRNO"}]}
            """);
    Path complex =
        Files.writeString(
            folder.resolve("complex.json"),
            """
            {"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["clone"],
             "action":"SCMP_ACT_ALLOW","args":[{"index":0}]}]}
            """);

    assertThat(secured(s -> s.setSeccompProfilePath("localhost/" + simple)).flags())
        .contains("--seccomp=mode=remove,errno=EPERM,chmod,fchmod");
    refused(
        Code.UNIMPLEMENTED,
        "arguments",
        () -> secured(s -> s.setSeccompProfilePath("localhost/" + complex)));
    refused(
        Code.INVALID_ARGUMENT,
        "put it on this node",
        () -> secured(s -> s.setSeccompProfilePath("localhost//nosuch")));
  }

  @Test
  void capabilities_are_added_and_dropped_in_the_order_of_cri() {
    assertThat(capabilities(Capability.newBuilder()))
        .contains("CAP_CHOWN")
        .doesNotContain("CAP_SYS_ADMIN");
    assertThat(
            capabilities(
                Capability.newBuilder()
                    .addDropCapabilities("ALL")
                    .addAddCapabilities("NET_ADMIN")
                    .addAddCapabilities("cap_chown")))
        .isEqualTo("--caps-retain=CAP_CHOWN,CAP_NET_ADMIN");
    assertThat(
            capabilities(
                Capability.newBuilder().addAddCapabilities("ALL").addDropCapabilities("CHOWN")))
        .contains("CAP_SYS_ADMIN")
        .doesNotContain("CAP_CHOWN,");
    assertThat(capabilities(Capability.newBuilder().addDropCapabilities("ALL")))
        .startsWith("--caps-remove=");
    refused(
        Code.INVALID_ARGUMENT,
        "NOSUCH",
        () -> capabilities(Capability.newBuilder().addAddCapabilities("NOSUCH")));
  }

  @Test
  void privileged_needs_a_privileged_pod() {
    refused(Code.INVALID_ARGUMENT, "privileged", () -> secured(s -> s.setPrivileged(true)));
    privilegedPod = true;
    assertThat(secured(s -> s.setPrivileged(true)).flags())
        .anyMatch(flag -> flag.startsWith("--caps-retain=") && flag.contains("CAP_SYS_ADMIN"));
  }

  @Test
  void limits_are_given_in_rkts_units() {
    assertThat(
            limited(r ->
                    r.setMemoryLimitInBytes(67_108_864)
                        .setCpuQuota(25_001)
                        .setCpuPeriod(100_000)
                        .setCpuShares(300)
                        .setOomScoreAdj(-500)
                        .addHugepageLimits(HugepageLimit.newBuilder().setPageSize("2MB")))
                .flags())
        .contains("--memory=67108864", "--cpu=260m", "--cpu-shares=300", "--oom-score-adj=-10");
  }

  @Test
  void what_rkt_cannot_do_is_refused_by_name() {
    refused(Code.UNIMPLEMENTED, "cpuset", () -> limited(r -> r.setCpusetCpus("0")));
    refused(Code.UNIMPLEMENTED, "unified", () -> limited(r -> r.putUnified("memory.high", "1")));
    refused(
        Code.UNIMPLEMENTED,
        "2MB",
        () ->
            limited(r ->
                r.addHugepageLimits(HugepageLimit.newBuilder().setPageSize("2MB").setLimit(1))));
    refused(
        Code.UNIMPLEMENTED,
        "PID namespace",
        () ->
            secured(s ->
                s.setNamespaceOptions(NamespaceOption.newBuilder().setPid(NamespaceMode.TARGET))));
    refused(
        Code.UNIMPLEMENTED,
        "/mnt",
        () -> mounted(m -> m.setPropagation(MountPropagation.PROPAGATION_BIDIRECTIONAL)));
    refused(
        Code.UNIMPLEMENTED,
        "recursive_read_only",
        () -> mounted(m -> m.setReadonly(true).setRecursiveReadOnly(true)));
  }

  @Test
  void paths_are_masked_and_made_read_only_by_the_pods_systemd() {
    assertThat(
            secured(s -> s.addMaskedPaths("/proc/kcore").addReadonlyPaths("/proc/sys"))
                .service()
                .settings())
        .contains(
            "InaccessiblePaths=-/opt/stage2/0-web-3fa2b1c0/rootfs/proc/kcore",
            "ReadOnlyPaths=-/opt/stage2/0-web-3fa2b1c0/rootfs/proc/sys");
    refused(
        Code.INVALID_ARGUMENT, "masked_paths", () -> secured(s -> s.addMaskedPaths("/a\nUser=0")));
    refused(Code.INVALID_ARGUMENT, "masked_paths", () -> secured(s -> s.addMaskedPaths("/../x")));
  }

  @Test
  void a_missing_mount_source_is_made_before_rkt_can_trip_over_it() {
    Path source = folder.resolve("new/folder");

    List<String> flags = mounted(m -> m.setHostPath(source.toString()).setReadonly(true)).flags();

    assertThat(source).isDirectory();
    assertThat(flags)
        .contains("--mnt-volume=name=v0,kind=host,source=" + source + ",target=/mnt,readOnly=true");
  }

  private String capabilities(Capability.Builder wish) {
    return secured(s -> s.setCapabilities(wish)).flags().stream()
        .filter(flag -> flag.startsWith("--caps-"))
        .findFirst()
        .orElseThrow();
  }

  private ContainerSpec mounted(Consumer<Mount.Builder> change) {
    Mount.Builder mount =
        Mount.newBuilder().setHostPath(folder.toString()).setContainerPath("/mnt");
    change.accept(mount);
    return spec(c -> c.addMounts(mount));
  }

  private ContainerSpec secured(Consumer<LinuxContainerSecurityContext.Builder> change) {
    LinuxContainerSecurityContext.Builder security = LinuxContainerSecurityContext.newBuilder();
    change.accept(security);
    return spec(c -> c.setLinux(LinuxContainerConfig.newBuilder().setSecurityContext(security)));
  }

  private ContainerSpec limited(Consumer<LinuxContainerResources.Builder> change) {
    LinuxContainerResources.Builder resources = LinuxContainerResources.newBuilder();
    change.accept(resources);
    return spec(c -> c.setLinux(LinuxContainerConfig.newBuilder().setResources(resources)));
  }

  private ContainerSpec spec(Consumer<ContainerConfig.Builder> change) {
    ContainerConfig.Builder config =
        ContainerConfig.newBuilder().setMetadata(ContainerMetadata.newBuilder().setName("web"));
    change.accept(config);
    return ContainerSpec.of(
        new ContainerSpec.Request(
            config.build(),
            PodSandboxConfig.newBuilder().setLogDirectory("/logs").build(),
            new KnownImage(
                Image.newBuilder().setId("sha256:1").build(),
                "sha512-1",
                List.of("/entry", "-e"),
                List.of("cmd"),
                "web",
                "",
                "SIGQUIT",
                "web:x:1000:2000::/:/bin/sh\n",
                ""),
            privilegedPod,
            HOST),
        ID,
        5);
  }

  private static void refused(Code code, String part, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(CriException.class)
        .hasMessageContaining(part)
        .extracting(e -> ((CriException) e).code())
        .isEqualTo(code);
  }
}
