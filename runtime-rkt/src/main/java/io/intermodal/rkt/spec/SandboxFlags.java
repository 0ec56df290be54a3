package io.intermodal.rkt.spec;

import io.intermodal.cri.v1.DNSConfig;
import io.intermodal.cri.v1.LinuxPodSandboxStatus;
import io.intermodal.cri.v1.LinuxSandboxSecurityContext;
import io.intermodal.cri.v1.Namespace;
import io.intermodal.cri.v1.NamespaceMode;
import io.intermodal.cri.v1.NamespaceOption;
import io.intermodal.cri.v1.PodSandboxConfig;
import io.intermodal.cri.v1.PodSandboxState;
import io.intermodal.cri.v1.PodSandboxStatus;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.node.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A sandbox as flags of {@code rkt app sandbox}.
 *
 * @param config the request's
 * @param runtimeHandler the request's
 */
public record SandboxFlags(PodSandboxConfig config, String runtimeHandler) {
  private static final Pattern SYSCTL = Pattern.compile("[a-zA-Z0-9_]+([./][a-zA-Z0-9_-]+)+");
  private static final String LOG_FOLDER = "coreos.com/rkt/experiment/kubernetes-log-dir=";

  /**
   * Looks whether rkt can do it.
   *
   * @throws CriException INVALID_ARGUMENT for what cannot be meant, UNIMPLEMENTED naming what rkt
   *     cannot do
   */
  public void check(Host host) {
    if (config.getMetadata().getName().isEmpty() || config.getMetadata().getUid().isEmpty()) {
      throw CriException.invalid("metadata: name and uid are needed");
    }
    if (!runtimeHandler.isEmpty()) {
      throw CriException.invalid(
          "runtime_handler \"%s\": rkt has only the default one".formatted(runtimeHandler));
    }
    LinuxSandboxSecurityContext context = config.getLinux().getSecurityContext();
    NamespaceOption namespaces = context.getNamespaceOptions();
    if (namespaces.getPid() == NamespaceMode.NODE) {
      throw CriException.unimplemented("hostPID: rkt always makes a PID namespace for a pod");
    }
    if (namespaces.hasUsernsOptions()
        && namespaces.getUsernsOptions().getMode() != NamespaceMode.NODE) {
      throw CriException.unimplemented("user namespaces: rkt cannot give a pod one");
    }
    AppSecurity.refuseAppArmor(context.hasApparmor(), context.getApparmor(), "", host);
    config
        .getLinux()
        .getSysctlsMap()
        .keySet()
        .forEach(name -> {
          if (!SYSCTL.matcher(name).matches()) {
            throw CriException.invalid("sysctl \"%s\" is no name of one".formatted(name));
          }
        });
  }

  public boolean hostNetwork() {
    return namespaces().getNetwork() == NamespaceMode.NODE;
  }

  public boolean privileged() {
    return config.getLinux().getSecurityContext().getPrivileged();
  }

  private NamespaceOption namespaces() {
    return config.getLinux().getSecurityContext().getNamespaceOptions();
  }

  /** What rkt's nspawn reads from its environment. */
  public Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    // The filter of each app is its own; nspawn's would be on top of all.
    environment.put("SYSTEMD_SECCOMP", "0");
    if (namespaces().getIpc() == NamespaceMode.NODE) {
      environment.put("SYSTEMD_NSPAWN_SHARE_NS_IPC", "true");
    }
    return environment;
  }

  /**
   * The flags.
   *
   * @param facts the status that the pod will show
   * @param place the name of its place
   * @param logs the folder for its apps' output
   */
  public List<String> flags(PodSandboxStatus facts, String place, Path logs) {
    List<String> flags = new ArrayList<>();
    // The pod itself keeps every capability: without a network of rkt's own it would lose
    // NET_ADMIN for all its apps, each of which is bounded by itself.
    flags.add("--insecure-options=image,ondisk," + (privileged() ? "all-run" : "capabilities"));
    String hostname =
        config.getHostname().isEmpty() && hostNetwork() ? hostsName() : config.getHostname();
    if (!hostname.isEmpty()) {
      flags.add("--hostname=" + hostname);
    }
    addResolver(flags, config.getDnsConfig());
    flags.add("--annotation=" + LOG_FOLDER + logs);
    OwnAnnotations.of(facts, place)
        .forEach((key, value) -> flags.add("--user-annotation=" + key + "=" + value));
    return flags;
  }

  /** What rkt is not told it invents. */
  private static String hostsName() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      return "";
    }
  }

  private static void addResolver(List<String> flags, DNSConfig dns) {
    if (dns.getServersCount() + dns.getSearchesCount() + dns.getOptionsCount() == 0) {
      flags.add("--dns=host");
      return;
    }
    dns.getServersList().forEach(server -> flags.add("--dns=" + server));
    dns.getSearchesList().forEach(search -> flags.add("--dns-search=" + search));
    dns.getOptionsList().forEach(option -> flags.add("--dns-opt=" + option));
  }

  /** The status that the pod will show, without its id, state and addresses. */
  public PodSandboxStatus facts(long createdAt) {
    NamespaceOption asMade =
        namespaces().toBuilder().setPid(NamespaceMode.POD).clearTargetId().build();
    return PodSandboxStatus.newBuilder()
        .setMetadata(config.getMetadata())
        .setState(PodSandboxState.SANDBOX_READY)
        .setCreatedAt(createdAt)
        .setLinux(
            LinuxPodSandboxStatus.newBuilder()
                .setNamespaces(Namespace.newBuilder().setOptions(asMade)))
        .putAllLabels(config.getLabelsMap())
        .putAllAnnotations(config.getAnnotationsMap())
        .setRuntimeHandler(runtimeHandler)
        .build();
  }
}
