package io.intermodal.docker.spec.security;

import io.intermodal.cri.v1.LinuxContainerSecurityContext;
import io.intermodal.cri.v1.LinuxSandboxSecurityContext;
import io.intermodal.cri.v1.SELinuxOption;
import io.intermodal.docker.spec.EngineFeatures;
import io.intermodal.runtime.CriException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Docker's list of security options: seccomp, AppArmor, SELinux and "no new privileges". */
public final class SecurityOptions {
  private static final String NO_NEW_PRIVILEGES = "no-new-privileges";

  private SecurityOptions() {}

  /**
   * The options of a container.
   *
   * @throws CriException INVALID_ARGUMENT for a profile that cannot be read or is none;
   *     UNIMPLEMENTED for one that the host cannot apply
   */
  public static List<String> forContainer(
      LinuxContainerSecurityContext context, EngineFeatures features) {
    List<String> options = new ArrayList<>();
    SeccompOption.forContainer(
            context.hasSeccomp() ? Optional.of(context.getSeccomp()) : Optional.empty(),
            context.getSeccompProfilePath(),
            context.getPrivileged(),
            features.seccomp())
        .ifPresent(options::add);
    AppArmorOption.of(
            context.hasApparmor() ? Optional.of(context.getApparmor()) : Optional.empty(),
            context.getApparmorProfile(),
            features.appArmor())
        .ifPresent(options::add);
    options.addAll(labels(context.getSelinuxOptions()));
    if (context.getNoNewPrivs()) {
      options.add(NO_NEW_PRIVILEGES);
    }
    return options;
  }

  /**
   * A sandbox never gains privileges, whatever the pod asks for.
   *
   * @throws CriException as {@link #forContainer}
   */
  public static List<String> forSandbox(
      LinuxSandboxSecurityContext context, EngineFeatures features) {
    List<String> options = new ArrayList<>();
    SeccompOption.forSandbox(
            context.hasSeccomp() ? Optional.of(context.getSeccomp()) : Optional.empty(),
            context.getSeccompProfilePath(),
            features.seccomp())
        .ifPresent(options::add);
    AppArmorOption.of(
            context.hasApparmor() ? Optional.of(context.getApparmor()) : Optional.empty(),
            "",
            features.appArmor())
        .ifPresent(options::add);
    options.addAll(labels(context.getSelinuxOptions()));
    options.add(NO_NEW_PRIVILEGES);
    return options;
  }

  /** On a host without SELinux Docker ignores these, as every runtime does. */
  private static List<String> labels(SELinuxOption wish) {
    List<String> options = new ArrayList<>();
    addLabel(options, "user", wish.getUser());
    addLabel(options, "role", wish.getRole());
    addLabel(options, "type", wish.getType());
    addLabel(options, "level", wish.getLevel());
    return options;
  }

  private static void addLabel(List<String> options, String key, String value) {
    if (!value.isEmpty()) {
      options.add("label=" + key + ":" + value);
    }
  }
}
