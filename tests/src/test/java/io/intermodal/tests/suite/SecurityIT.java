package io.intermodal.tests.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusRuntimeException;
import io.intermodal.cri.v1.Capability;
import io.intermodal.cri.v1.ContainerConfig;
import io.intermodal.cri.v1.Int64Value;
import io.intermodal.cri.v1.LinuxContainerSecurityContext;
import io.intermodal.cri.v1.PodSandboxConfig;
import io.intermodal.cri.v1.SecurityProfile;
import io.intermodal.cri.v1.SecurityProfile.ProfileType;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.engine.NotOnRkt;
import io.intermodal.tests.engine.OnlyTranslated;
import io.intermodal.tests.host.HostProcess;
import io.intermodal.tests.image.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** Who a container's process is, and what it may do. */
@EndToEnd
class SecurityIT {
  private static final int CAP_CHOWN = 0;
  private static final int CAP_NET_ADMIN = 12;
  private static final int CAP_NET_RAW = 13;
  private static final int CAP_SYS_ADMIN = 21;

  private static final HostProcess HOST = new HostProcess(ProcessHandle.current().pid());

  private final Cri cri;
  private final Node node;

  SecurityIT(Cri cri, Node node) {
    this.cri = cri;
    this.node = node;
  }

  @Test
  void user_and_group_are_the_ones_asked_for() {
    Container container =
        idle(context ->
            context
                .setRunAsUser(number(1111))
                .setRunAsGroup(number(2222))
                .addSupplementalGroups(3333));

    HostProcess process = container.process();
    assertThat(process.status("Uid")).isEqualTo("1111\t1111\t1111\t1111");
    assertThat(process.status("Gid")).isEqualTo("2222\t2222\t2222\t2222");
    assertThat(process.status("Groups").split(" ", -1)).contains("3333");
  }

  @Test
  void a_user_name_is_looked_up_in_the_image() {
    HostProcess process = idle(context -> context.setRunAsUsername("reader")).process();

    assertThat(process.status("Uid")).startsWith(TestImages.NAMED_UID + "\t");
    assertThat(process.status("Gid")).startsWith(TestImages.NAMED_GID + "\t");
    assertThat(process.status("Groups").split(" ", -1))
        .contains(Long.toString(TestImages.NAMED_EXTRA_GID));
  }

  @Test
  void the_images_user_holds_when_nothing_else_is_asked_for() {
    Pod pod = cri.runPod();

    HostProcess numbered =
        pod.start(cri.container(cri.testImages().userId()).addCommand("sleep").addArgs("3600"))
            .process();
    HostProcess named =
        pod.start(cri.container(cri.testImages().userName()).addCommand("sleep").addArgs("3600"))
            .process();

    assertThat(numbered.status("Uid")).startsWith(TestImages.NUMBERED_UID + "\t");
    assertThat(numbered.status("Gid")).startsWith(TestImages.NUMBERED_GID + "\t");
    assertThat(named.status("Uid")).startsWith(TestImages.NAMED_UID + "\t");
  }

  @Test
  void the_pods_supplemental_groups_are_the_containers() {
    Pod pod =
        cri.runPod(config -> {
          config.getLinuxBuilder().getSecurityContextBuilder().addSupplementalGroups(4444);
          return config;
        });
    HostProcess process =
        pod.startIdle(context(context -> context.addSupplementalGroups(4444))).process();

    assertThat(process.status("Groups").split(" ", -1)).contains("4444");
  }

  @Test
  void a_group_without_a_user_is_refused() {
    Pod pod = cri.runPod();

    assertThatThrownBy(() -> pod.startIdle(context(context -> context.setRunAsGroup(number(2222)))))
        .isInstanceOf(StatusRuntimeException.class);
  }

  @Test
  @OnlyTranslated("knows no prefixes of capabilities")
  void capabilities_are_added_and_dropped_with_and_without_their_prefix() {
    HostProcess process =
        idle(context ->
                context.setCapabilities(
                    Capability.newBuilder()
                        .addAddCapabilities("NET_ADMIN")
                        .addDropCapabilities("CAP_NET_RAW")))
            .process();

    assertThat(has(process, CAP_NET_ADMIN)).isTrue();
    assertThat(has(process, CAP_NET_RAW)).isFalse();
    assertThat(has(process, CAP_CHOWN)).isTrue();
    assertThat(has(process, CAP_SYS_ADMIN)).isFalse();
  }

  @Test
  void dropping_all_capabilities_leaves_the_added_ones() {
    HostProcess process =
        idle(context ->
                context.setCapabilities(
                    Capability.newBuilder().addDropCapabilities("ALL").addAddCapabilities("CHOWN")))
            .process();

    assertThat(process.effectiveCapabilities()).isEqualTo(1L << CAP_CHOWN);
  }

  @Test
  void dropping_all_capabilities_leaves_none() {
    HostProcess process =
        idle(context -> context.setCapabilities(Capability.newBuilder().addDropCapabilities("ALL")))
            .process();

    assertThat(process.effectiveCapabilities()).isZero();
  }

  @Test
  @NotOnRkt("shows no devices of the host")
  void a_privileged_container_has_what_the_host_has_and_sees_its_devices() {
    Container container = privileged(privilegedPod());

    assertThat(has(container.process(), CAP_SYS_ADMIN)).isTrue();
    assertThat(container.process().status("Seccomp")).isEqualTo("0");
    assertThat(container.output("ls /dev | wc -l"))
        .satisfies(count -> assertThat(Integer.parseInt(count)).isGreaterThan(20));
  }

  @Test
  @OnlyTranslated("decides on /sys by the pod")
  @NotOnRkt("decides on /sys by the pod")
  void a_privileged_container_can_write_sys_whichever_of_its_pods_containers_is_first() {
    Pod pod = privilegedPod();
    Container ordinary = pod.startIdle();

    assertThat(sysfs(privileged(pod))).startsWith("rw,");
    assertThat(sysfs(ordinary)).startsWith("ro,");
  }

  private Pod privilegedPod() {
    return unlessCapabilitiesLack(() ->
        cri.runPod(config -> {
          config.getLinuxBuilder().getSecurityContextBuilder().setPrivileged(true);
          return config;
        }));
  }

  private static Container privileged(Pod pod) {
    return unlessCapabilitiesLack(
        () -> pod.startIdle(context(context -> context.setPrivileged(true))));
  }

  private static <T> T unlessCapabilitiesLack(Supplier<T> start) {
    try {
      return start.get();
    } catch (StatusRuntimeException e) {
      if (String.valueOf(e.getMessage()).contains("unable to apply caps")) {
        throw new TestAbortedException(
            "this engine asks for capabilities that this host does not have", e);
      }
      throw e;
    }
  }

  /** Options of the mount and, where they say more, of the file system: either can forbid. */
  private static String sysfs(Container container) {
    return container.output("grep ' /sys sysfs ' /proc/mounts").split(" ", -1)[3];
  }

  @Test
  void a_container_is_not_privileged_unless_asked() {
    Container container = idle(context -> context);

    assertThat(has(container.process(), CAP_SYS_ADMIN)).isFalse();
    assertThat(container.exec("ip link add dummy9 type dummy").getExitCode()).isNotZero();
  }

  @Test
  void a_privileged_container_in_a_pod_that_is_not_is_refused() {
    Pod pod = cri.runPod();

    assertThatThrownBy(() -> pod.startIdle(context(context -> context.setPrivileged(true))))
        .isInstanceOf(StatusRuntimeException.class);
  }

  @Test
  void a_read_only_root_cannot_be_written() {
    assertThat(idle(context -> context.setReadonlyRootfs(true)).exec("touch /x").getExitCode())
        .isNotZero();
    assertThat(idle(context -> context).exec("touch /x").getExitCode()).isZero();
  }

  @Test
  void no_new_privileges_is_set_when_asked() {
    assertThat(idle(context -> context.setNoNewPrivs(true)).process().status("NoNewPrivs"))
        .isEqualTo("1");
    assertThat(idle(context -> context).process().status("NoNewPrivs")).isEqualTo("0");
  }

  @Test
  void seccomp_filters_unless_it_is_unconfined() {
    assertThat(seccomp(ProfileType.RuntimeDefault, "").process().status("Seccomp")).isEqualTo("2");
    assertThat(seccomp(ProfileType.Unconfined, "").process().status("Seccomp")).isEqualTo("0");
  }

  @Test
  void a_seccomp_profile_of_the_host_holds() throws IOException {
    Path profile =
        Files.writeString(
            node.folder().resolve("no-chmod.json"),
            """
            {"defaultAction": "SCMP_ACT_ALLOW",
             "syscalls": [{"names": ["chmod", "fchmod", "fchmodat", "fchmodat2"],
                           "action": "SCMP_ACT_ERRNO"}]}
            """);

    Container container = seccomp(ProfileType.Localhost, profile.toString());

    assertThat(container.process().status("Seccomp")).isEqualTo("2");
    assertThat(container.exec("touch /x && chmod 600 /x").getExitCode()).isNotZero();
    assertThat(container.exec("touch /x").getExitCode()).isZero();
  }

  @Test
  void a_seccomp_profile_that_is_missing_is_an_error_with_its_path() {
    assertThatThrownBy(() -> seccomp(ProfileType.Localhost, "/no/such/profile.json"))
        .hasMessageContaining("/no/such/profile.json");
  }

  @Test
  void masked_paths_cannot_be_read_and_read_only_paths_cannot_be_written() {
    Container container =
        idle(context ->
            context.addMaskedPaths("/bin/cal").addMaskedPaths("/var").addReadonlyPaths("/home"));

    assertThat(container.output("wc -c < /bin/cal")).isEqualTo("0");
    assertThat(container.output("ls /var")).isEmpty();
    assertThat(container.exec("touch /home/x").getExitCode()).isNotZero();
  }

  @Test
  void the_usual_paths_are_masked_unless_the_list_is_empty_on_purpose() {
    Container container =
        idle(context -> context.addMaskedPaths("/proc/keys").addReadonlyPaths("/proc/sys"));

    assertThat(container.output("cat /proc/keys")).isEmpty();
    assertThat(container.exec("echo 1 > /proc/sys/kernel/printk_delay").getExitCode()).isNotZero();
  }

  @Test
  void the_oom_score_is_the_one_asked_for() {
    Container container =
        cri.runPod()
            .startIdle(config -> {
              config.getLinuxBuilder().getResourcesBuilder().setOomScoreAdj(321);
              return config;
            });

    assertThat(container.process().oomScoreAdj()).isEqualTo(321);
  }

  @Test
  void an_oom_score_below_what_the_host_allows_becomes_the_lowest_that_it_allows() {
    Container container =
        cri.runPod()
            .startIdle(config -> {
              config.getLinuxBuilder().getResourcesBuilder().setOomScoreAdj(-997);
              return config;
            });

    assertThat(container.process().oomScoreAdj()).isBetween(-997, Math.max(0, HOST.oomScoreAdj()));
  }

  @Test
  void the_pods_own_process_is_protected_from_the_oom_killer_as_far_as_the_host_allows() {
    Pod pod = cri.runPod();

    assertThat(HostProcess.mainOf(pod.id()).oomScoreAdj())
        .isLessThanOrEqualTo(Math.max(0, HOST.oomScoreAdj()));
  }

  private Container seccomp(ProfileType type, String path) {
    SecurityProfile profile =
        SecurityProfile.newBuilder().setProfileType(type).setLocalhostRef(path).build();
    PodSandboxConfig.Builder pod = cri.podConfig();
    return cri.runPod(pod.build()).startIdle(context(context -> context.setSeccomp(profile)));
  }

  private Container idle(UnaryOperator<LinuxContainerSecurityContext.Builder> changes) {
    return cri.runPod().startIdle(context(changes));
  }

  private static UnaryOperator<ContainerConfig.Builder> context(
      UnaryOperator<LinuxContainerSecurityContext.Builder> changes) {
    return config -> {
      LinuxContainerSecurityContext.Builder changed =
          changes.apply(config.getLinux().getSecurityContext().toBuilder());
      return config.setLinux(config.getLinux().toBuilder().setSecurityContext(changed));
    };
  }

  private static boolean has(HostProcess process, int capability) {
    return (process.effectiveCapabilities() >> capability & 1) == 1;
  }

  private static Int64Value number(long value) {
    return Int64Value.newBuilder().setValue(value).build();
  }
}
