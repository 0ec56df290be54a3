package io.intermodal.rkt.spec;

import com.google.gson.JsonObject;
import io.intermodal.cri.v1.Capability;
import io.intermodal.cri.v1.LinuxContainerSecurityContext;
import io.intermodal.cri.v1.NamespaceMode;
import io.intermodal.cri.v1.NamespaceOption;
import io.intermodal.cri.v1.SecurityProfile;
import io.intermodal.rkt.answer.Json;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.node.Host;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Capabilities, seccomp and the rest of a container's security as rkt's flags. */
final class AppSecurity {
  private static final List<String> ALL =
      List.of(
          "AUDIT_CONTROL",
          "AUDIT_READ",
          "AUDIT_WRITE",
          "BLOCK_SUSPEND",
          "CHOWN",
          "DAC_OVERRIDE",
          "DAC_READ_SEARCH",
          "FOWNER",
          "FSETID",
          "IPC_LOCK",
          "IPC_OWNER",
          "KILL",
          "LEASE",
          "LINUX_IMMUTABLE",
          "MAC_ADMIN",
          "MAC_OVERRIDE",
          "MKNOD",
          "NET_ADMIN",
          "NET_BIND_SERVICE",
          "NET_BROADCAST",
          "NET_RAW",
          "SETFCAP",
          "SETGID",
          "SETPCAP",
          "SETUID",
          "SYSLOG",
          "SYS_ADMIN",
          "SYS_BOOT",
          "SYS_CHROOT",
          "SYS_MODULE",
          "SYS_NICE",
          "SYS_PACCT",
          "SYS_PTRACE",
          "SYS_RAWIO",
          "SYS_RESOURCE",
          "SYS_TIME",
          "SYS_TTY_CONFIG",
          "WAKE_ALARM");

  /** Those that container engines give when nothing is said. */
  private static final List<String> USUAL =
      List.of(
          "AUDIT_WRITE",
          "CHOWN",
          "DAC_OVERRIDE",
          "FOWNER",
          "FSETID",
          "KILL",
          "MKNOD",
          "NET_BIND_SERVICE",
          "NET_RAW",
          "SETFCAP",
          "SETGID",
          "SETPCAP",
          "SETUID",
          "SYS_CHROOT");

  /** Newer than rkt, which does not know their names; its systemd drops them with the others. */
  private static final Set<String> NEWER = Set.of("BPF", "CHECKPOINT_RESTORE", "PERFMON");

  private static final String UNCONFINED = "--seccomp=mode=retain,@appc.io/all";
  private static final String USUAL_FILTER =
      "--seccomp=mode=remove,errno=EPERM,@docker/default-blacklist";

  private static final String LOCALHOST = "localhost/";

  private AppSecurity() {}

  /**
   * The flags.
   *
   * @param privilegedPod whether its pod is privileged
   * @throws CriException INVALID_ARGUMENT for what cannot be meant, UNIMPLEMENTED naming what rkt
   *     cannot do
   */
  static List<String> flags(LinuxContainerSecurityContext wish, boolean privilegedPod, Host host) {
    check(wish, host);
    if (wish.getPrivileged() && !privilegedPod) {
      throw CriException.invalid("privileged: its pod sandbox is not privileged");
    }
    List<String> flags = new ArrayList<>();
    Set<String> capabilities =
        wish.getPrivileged() ? new TreeSet<>(ALL) : capabilities(wish.getCapabilities());
    if (capabilities.isEmpty()) {
      flags.add("--caps-remove=" + named(ALL));
    } else {
      flags.add("--caps-retain=" + named(capabilities));
    }
    flags.add(seccomp(wish));
    if (wish.getReadonlyRootfs()) {
      flags.add("--readonly-rootfs=true");
    }
    return flags;
  }

  /**
   * Whether no system call is filtered. rkt's way to say so is a filter that lets all pass, which
   * is one all the same.
   */
  static boolean unconfined(LinuxContainerSecurityContext wish) {
    return seccomp(wish).equals(UNCONFINED);
  }

  /**
   * The bound of capabilities as lines of a service, which hold where rkt's flag does not: in a pod
   * that keeps every capability itself rkt bounds no app.
   */
  static List<String> bound(LinuxContainerSecurityContext wish) {
    if (wish.getPrivileged()) {
      return List.of();
    }
    return List.of(
        // The first takes back what was said before.
        "CapabilityBoundingSet=",
        "CapabilityBoundingSet=" + named(capabilities(wish.getCapabilities())).replace(',', ' '));
  }

  private static void check(LinuxContainerSecurityContext wish, Host host) {
    NamespaceOption namespaces = wish.getNamespaceOptions();
    if (namespaces.getPid() == NamespaceMode.NODE || namespaces.getPid() == NamespaceMode.TARGET) {
      throw CriException.unimplemented(
          "PID namespace %s: all containers of a pod of rkt share the pod's"
              .formatted(namespaces.getPid()));
    }
    refuseAppArmor(wish.hasApparmor(), wish.getApparmor(), wish.getApparmorProfile(), host);
    if (wish.getCapabilities().getAddAmbientCapabilitiesCount() > 0) {
      throw CriException.unimplemented("add_ambient_capabilities: rkt has no such thing");
    }
  }

  /** On a host without AppArmor every profile is the same, as every runtime has it. */
  static void refuseAppArmor(boolean present, SecurityProfile profile, String older, Host host) {
    boolean asked =
        present
            ? profile.getProfileType() == SecurityProfile.ProfileType.Localhost
            : older.startsWith(LOCALHOST);
    if (asked) {
      throw host.appArmor()
          ? CriException.unimplemented("AppArmor: rkt applies no profile")
          : CriException.invalid("AppArmor: this host has none, so there is no profile to load");
    }
  }

  /**
   * CRI applies "add ALL", then "drop ALL", then each addition, then each removal.
   *
   * @throws CriException INVALID_ARGUMENT for a name that is no capability
   */
  private static Set<String> capabilities(Capability wish) {
    List<String> add = wish.getAddCapabilitiesList().stream().map(AppSecurity::bare).toList();
    List<String> drop = wish.getDropCapabilitiesList().stream().map(AppSecurity::bare).toList();
    TreeSet<String> capabilities = new TreeSet<>(USUAL);
    if (add.contains("ALL")) {
      capabilities.addAll(ALL);
    }
    if (drop.contains("ALL")) {
      capabilities.clear();
    }
    capabilities.addAll(add);
    drop.forEach(capabilities::remove);
    capabilities.remove("ALL");
    capabilities.removeAll(NEWER);
    return capabilities;
  }

  private static String bare(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    String bare = upper.startsWith("CAP_") ? upper.substring("CAP_".length()) : upper;
    if (!bare.equals("ALL") && !ALL.contains(bare) && !NEWER.contains(bare)) {
      throw CriException.invalid("capabilities: \"%s\" is not a capability".formatted(name));
    }
    return bare;
  }

  private static String named(Iterable<String> capabilities) {
    List<String> named = new ArrayList<>();
    capabilities.forEach(name -> named.add("CAP_" + name));
    return String.join(",", named);
  }

  private static String seccomp(LinuxContainerSecurityContext wish) {
    if (wish.getPrivileged()) {
      return UNCONFINED;
    }
    if (wish.hasSeccomp()) {
      return switch (wish.getSeccomp().getProfileType()) {
        case RuntimeDefault -> USUAL_FILTER;
        case Unconfined -> UNCONFINED;
        case Localhost -> profile(wish.getSeccomp().getLocalhostRef());
        case UNRECOGNIZED -> throw CriException.invalid("seccomp: unknown profile type");
      };
    }
    return switch (wish.getSeccompProfilePath()) {
      case "", "unconfined" -> UNCONFINED;
      case "runtime/default", "docker/default" -> USUAL_FILTER;
      default -> profile(wish.getSeccompProfilePath());
    };
  }

  /** A profile of the host, if it says no more than rkt can: one action for names of calls. */
  private static String profile(String reference) {
    String name =
        reference.startsWith(LOCALHOST) ? reference.substring(LOCALHOST.length()) : reference;
    JsonObject profile = Json.object(read(name));
    String usual = Json.string(profile, "defaultAction");
    List<JsonObject> rules = Json.objects(profile, "syscalls");
    boolean retain = !usual.equals("SCMP_ACT_ALLOW");
    String ruled = retain ? "SCMP_ACT_ALLOW" : "SCMP_ACT_ERRNO";
    List<String> calls = new ArrayList<>();
    for (JsonObject rule : rules) {
      if (!Json.string(rule, "action").equals(ruled) || !Json.objects(rule, "args").isEmpty()) {
        throw CriException.unimplemented(
            "seccomp profile %s: rkt has one action for all calls that are named, and no conditions on arguments"
                .formatted(name));
      }
      calls.addAll(Json.strings(rule, "names"));
    }
    if (calls.isEmpty()) {
      if (retain) {
        throw CriException.unimplemented(
            "seccomp profile %s: rkt cannot forbid every call".formatted(name));
      }
      return UNCONFINED;
    }
    return "--seccomp=mode=%s,errno=EPERM,%s"
        .formatted(retain ? "retain" : "remove", String.join(",", calls));
  }

  private static String read(String name) {
    try {
      Path path = Path.of(name);
      if (!path.isAbsolute()) {
        throw CriException.invalid("seccomp profile \"%s\": not an absolute path".formatted(name));
      }
      return Files.readString(path, StandardCharsets.UTF_8);
    } catch (InvalidPathException | IOException e) {
      throw new CriException(
          CriException.Code.INVALID_ARGUMENT,
          "seccomp profile %s cannot be read: %s; put it on this node".formatted(name, e),
          e);
    }
  }
}
