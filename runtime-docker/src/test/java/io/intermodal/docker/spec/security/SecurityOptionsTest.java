package io.intermodal.docker.spec.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.cri.v1.LinuxContainerSecurityContext;
import io.intermodal.cri.v1.LinuxSandboxSecurityContext;
import io.intermodal.cri.v1.SELinuxOption;
import io.intermodal.cri.v1.SecurityProfile;
import io.intermodal.cri.v1.SecurityProfile.ProfileType;
import io.intermodal.docker.spec.EngineFeatures;
import io.intermodal.docker.spec.Requested;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecurityOptionsTest {
  private static final EngineFeatures ALL = Requested.docker(45);
  private static final EngineFeatures NONE = Requested.oldDocker();

  @TempDir Path profiles;

  @ParameterizedTest
  @CsvSource({
    // message, older string, privileged, Docker's option
    ", '', false, seccomp=unconfined",
    ", unconfined, false, seccomp=unconfined",
    ", runtime/default, false, ",
    ", docker/default, false, ",
    "RuntimeDefault, '', false, ",
    "RuntimeDefault, unconfined, false, ",
    "Unconfined, runtime/default, false, seccomp=unconfined",
    "RuntimeDefault, '', true, seccomp=unconfined",
    "Localhost, '', true, seccomp=unconfined"
  })
  void seccompOfAContainer(
      @Nullable ProfileType profile, String older, boolean privileged, @Nullable String expected) {
    LinuxContainerSecurityContext.Builder context =
        LinuxContainerSecurityContext.newBuilder()
            .setSeccompProfilePath(older)
            .setPrivileged(privileged);
    if (profile != null) {
      context.setSeccomp(SecurityProfile.newBuilder().setProfileType(profile));
    }

    assertThat(SecurityOptions.forContainer(context.build(), ALL))
        .isEqualTo(expected == null ? List.of() : List.of(expected));
  }

  @ParameterizedTest
  @CsvSource({
    ", '', no-new-privileges",
    "RuntimeDefault, '', no-new-privileges",
    "Unconfined, '', 'seccomp=unconfined,no-new-privileges'",
    ", unconfined, 'seccomp=unconfined,no-new-privileges'"
  })
  void seccompOfASandbox(@Nullable ProfileType profile, String older, String expected) {
    LinuxSandboxSecurityContext.Builder context =
        LinuxSandboxSecurityContext.newBuilder().setSeccompProfilePath(older);
    if (profile != null) {
      context.setSeccomp(SecurityProfile.newBuilder().setProfileType(profile));
    }

    assertThat(String.join(",", SecurityOptions.forSandbox(context.build(), ALL)))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"'', false", "localhost/, false", "localhost/, true"})
  void aLocalSeccompProfileIsSentAsItsContent(String prefix, boolean older) throws IOException {
    Path profile =
        Files.writeString(
            profiles.resolve("p.json"), "{\n  \"defaultAction\": \"SCMP_ACT_ERRNO\"\n}\n");
    LinuxContainerSecurityContext.Builder context = LinuxContainerSecurityContext.newBuilder();
    if (older) {
      context.setSeccompProfilePath(prefix + profile);
    } else {
      context.setSeccomp(localhost(prefix + profile));
    }

    assertThat(SecurityOptions.forContainer(context.build(), ALL))
        .containsExactly("seccomp={\"defaultAction\":\"SCMP_ACT_ERRNO\"}");
  }

  @Test
  void aSeccompProfileThatCannotBeUsedIsRefused() throws IOException {
    Path text = Files.writeString(profiles.resolve("text"), "no json");
    Path list = Files.writeString(profiles.resolve("list"), "[]");
    Path huge = Files.write(profiles.resolve("huge"), new byte[(1 << 20) + 1]);

    assertRefused(seccomp(profiles + "/gone"), ALL, Code.INVALID_ARGUMENT, "cannot be read");
    assertRefused(seccomp(text.toString()), ALL, Code.INVALID_ARGUMENT, "is not JSON");
    assertRefused(seccomp(list.toString()), ALL, Code.INVALID_ARGUMENT, "is not a JSON object");
    assertRefused(seccomp(huge.toString()), ALL, Code.INVALID_ARGUMENT, "larger than");
    assertRefused(seccomp("p.json"), ALL, Code.INVALID_ARGUMENT, "not an absolute path");
    assertRefused(seccomp("/p"), NONE, Code.UNIMPLEMENTED, "no seccomp");
    assertRefused(
        LinuxContainerSecurityContext.newBuilder().setSeccompProfilePath("mine"),
        ALL,
        Code.INVALID_ARGUMENT,
        "seccomp_profile_path \"mine\"");
  }

  @ParameterizedTest
  @CsvSource({
    // message, its reference, older string, AppArmor on the host, Docker's option
    ", '', '', true, ",
    ", '', runtime/default, true, ",
    ", '', unconfined, true, apparmor=unconfined",
    ", '', localhost/mine, true, apparmor=mine",
    "RuntimeDefault, '', localhost/mine, true, ",
    "Unconfined, '', '', true, apparmor=unconfined",
    "Localhost, mine, localhost/other, true, apparmor=mine",
    "Localhost, localhost/mine, '', true, apparmor=mine",
    "RuntimeDefault, '', '', false, ",
    "Unconfined, '', '', false, ",
    ", '', unconfined, false, "
  })
  void appArmor(
      @Nullable ProfileType profile,
      String reference,
      String older,
      boolean enabled,
      @Nullable String expected) {
    LinuxContainerSecurityContext.Builder context =
        LinuxContainerSecurityContext.newBuilder().setPrivileged(true).setApparmorProfile(older);
    if (profile != null) {
      context.setApparmor(
          SecurityProfile.newBuilder().setProfileType(profile).setLocalhostRef(reference));
    }

    assertThat(SecurityOptions.forContainer(context.build(), enabled ? ALL : NONE))
        .isEqualTo(
            expected == null
                ? List.of("seccomp=unconfined")
                : List.of("seccomp=unconfined", expected));
  }

  @Test
  void anAppArmorProfileThatCannotBeUsedIsRefused() {
    assertRefused(
        LinuxContainerSecurityContext.newBuilder().setApparmor(localhost("mine")),
        NONE,
        Code.UNIMPLEMENTED,
        "apparmor profile \"mine\"");
    assertRefused(
        LinuxContainerSecurityContext.newBuilder().setApparmor(localhost("")),
        ALL,
        Code.INVALID_ARGUMENT,
        "without a name");
    assertRefused(
        LinuxContainerSecurityContext.newBuilder().setApparmorProfile("mine"),
        ALL,
        Code.INVALID_ARGUMENT,
        "apparmor_profile \"mine\"");
  }

  @Test
  void seLinuxLabelsAndNoNewPrivileges() {
    assertThat(
            SecurityOptions.forContainer(
                LinuxContainerSecurityContext.newBuilder()
                    .setNoNewPrivs(true)
                    .setSelinuxOptions(
                        SELinuxOption.newBuilder()
                            .setUser("u")
                            .setRole("r")
                            .setType("t")
                            .setLevel("s0:c1,c2"))
                    .build(),
                ALL))
        .containsExactly(
            "seccomp=unconfined",
            "label=user:u",
            "label=role:r",
            "label=type:t",
            "label=level:s0:c1,c2",
            "no-new-privileges");
  }

  private static LinuxContainerSecurityContext.Builder seccomp(String reference) {
    return LinuxContainerSecurityContext.newBuilder().setSeccomp(localhost(reference));
  }

  private static SecurityProfile localhost(String reference) {
    return SecurityProfile.newBuilder()
        .setProfileType(ProfileType.Localhost)
        .setLocalhostRef(reference)
        .build();
  }

  private static void assertRefused(
      LinuxContainerSecurityContext.Builder context,
      EngineFeatures features,
      Code code,
      String message) {
    assertThatThrownBy(() -> SecurityOptions.forContainer(context.build(), features))
        .isInstanceOfSatisfying(CriException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(message);
  }
}
