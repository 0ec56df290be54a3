package io.intermodal.tests.suite.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.cri.v1.ContainerConfig;
import io.intermodal.cri.v1.SecurityProfile;
import io.intermodal.cri.v1.SecurityProfile.ProfileType;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.virtual.OnVirtualNode;
import io.intermodal.tests.virtual.ServedNode;
import org.junit.jupiter.api.Test;

/** The AppArmor profile that a container asks for is the one that the kernel holds it to. */
@OnVirtualNode
class AppArmorIT {
  private static final String NAME = "intermodal-tests-no-write";
  private static final String PROFILE =
      """
      #include <tunables/global>
      profile %s flags=(attach_disconnected) {
        #include <abstractions/base>
        file,
        signal,
        deny /forbidden/** w,
      }
      """
          .formatted(NAME);

  private final Cri cri;
  private final ServedNode node;

  AppArmorIT(Cri cri, ServedNode node) {
    this.cri = cri;
    this.node = node;
  }

  @Test
  void without_a_wish_and_by_default_it_is_dockers_own() {
    Pod pod = cri.runPod();

    assertThat(confinement(pod.startIdle())).isEqualTo("docker-default (enforce)");
    assertThat(
            confinement(pod.startIdle(config -> profile(config, ProfileType.RuntimeDefault, ""))))
        .isEqualTo("docker-default (enforce)");
    assertThat(confinement(pod.startIdle(config -> older(config, "runtime/default"))))
        .isEqualTo("docker-default (enforce)");
  }

  @Test
  void a_container_may_be_unconfined() {
    Pod pod = cri.runPod();

    assertThat(confinement(pod.startIdle(config -> profile(config, ProfileType.Unconfined, ""))))
        .isEqualTo("unconfined");
    assertThat(confinement(pod.startIdle(config -> older(config, "unconfined"))))
        .isEqualTo("unconfined");
  }

  @Test
  void a_privileged_container_is_unconfined() {
    Pod pod =
        cri.runPod(config -> {
          config.getLinuxBuilder().getSecurityContextBuilder().setPrivileged(true);
          return config;
        });

    Container container =
        pod.startIdle(config -> {
          config.getLinuxBuilder().getSecurityContextBuilder().setPrivileged(true);
          return config;
        });

    assertThat(confinement(container)).isEqualTo("unconfined");
  }

  @Test
  void a_profile_of_the_host_is_enforced() {
    var _ = node.machine().output("apparmor_parser --replace <<'END'\n" + PROFILE + "END");
    Pod pod = cri.runPod();

    Container container =
        pod.startIdle(config -> profile(config, ProfileType.Localhost, "localhost/" + NAME));

    assertThat(confinement(container)).isEqualTo(NAME + " (enforce)");
    assertThat(confinement(pod.startIdle(config -> older(config, "localhost/" + NAME))))
        .isEqualTo(NAME + " (enforce)");
    assertThat(container.exec("mkdir /forbidden /free && touch /free/file").getExitCode()).isZero();
    assertThat(Container.text(container.exec("touch /forbidden/file").getStderr()))
        .contains("Permission denied");
  }

  @Test
  void a_profile_that_is_not_loaded_is_refused_by_name() {
    Pod pod = cri.runPod();

    assertThatThrownBy(() ->
            pod.create(profile(cri.shell("exit 0"), ProfileType.Localhost, "localhost/missing")))
        .hasMessageContaining("FAILED_PRECONDITION")
        .hasMessageContaining("apparmor profile \"missing\" is not loaded");
  }

  private String confinement(Container container) {
    return node.inside(container).confinement();
  }

  private static ContainerConfig.Builder profile(
      ContainerConfig.Builder config, ProfileType type, String reference) {
    config
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .setApparmor(SecurityProfile.newBuilder().setProfileType(type).setLocalhostRef(reference));
    return config;
  }

  private static ContainerConfig.Builder older(ContainerConfig.Builder config, String profile) {
    config.getLinuxBuilder().getSecurityContextBuilder().setApparmorProfile(profile);
    return config;
  }
}
