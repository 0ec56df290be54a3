package io.intermodal.docker.spec;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.RestartPolicy;
import io.intermodal.cri.v1.DNSConfig;
import io.intermodal.cri.v1.LinuxPodSandboxConfig;
import io.intermodal.cri.v1.LinuxSandboxSecurityContext;
import io.intermodal.cri.v1.NamespaceMode;
import io.intermodal.cri.v1.PodSandboxConfig;
import io.intermodal.docker.spec.labels.SandboxIdentity;
import io.intermodal.docker.spec.security.LoadedProfiles;
import io.intermodal.docker.spec.security.ProcessUser;
import io.intermodal.docker.spec.security.SecurityOptions;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.node.Host;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A pod's sandbox as a container of Docker: a process that does nothing and holds the pod's
 * namespaces open.
 *
 * <p>Its network is Docker's "none", which CNI then fills; so ports are not Docker's either. The
 * pod's overhead and resources are the kubelet's to enforce, on the pod's cgroup.
 */
public final class SandboxSpec {
  /** So low that the kernel kills everything else of the pod first; dockershim's choice. */
  private static final int OOM_SCORE_ADJ = -998;

  /** The least weight there is. */
  private static final int CPU_SHARES = 2;

  /** The first API that hands annotations to the OCI runtime. */
  private static final int ANNOTATIONS = 43;

  private final EngineFeatures features;
  private final Host host;

  public SandboxSpec(EngineFeatures features, Host host) {
    this.features = features;
    this.host = host;
  }

  /**
   * Fills Docker's request.
   *
   * @param runtimeHandler name of a runtime that Docker is configured with; "" and {@code docker}
   *     mean its default
   * @param pauseImage reference or id of the sandbox image
   * @return what name and labels say
   * @throws CriException INVALID_ARGUMENT naming the field that is missing or wrong, UNIMPLEMENTED
   *     for what this engine cannot do
   */
  public SandboxIdentity fill(
      CreateContainerCmd target,
      PodSandboxConfig config,
      String runtimeHandler,
      String pauseImage) {
    if (config.hasWindows()) {
      throw CriException.invalid("windows: this is a Linux node");
    }
    SandboxIdentity identity = SandboxIdentity.of(config, runtimeHandler);
    LinuxPodSandboxConfig linux = config.getLinux();
    LinuxSandboxSecurityContext context = linux.getSecurityContext();

    HostConfig hostConfig =
        HostConfig.newHostConfig()
            .withRestartPolicy(RestartPolicy.noRestart())
            .withLogConfig(new LogConfig(LogConfig.LoggingType.NONE))
            .withCpuShares(CPU_SHARES)
            .withOomScoreAdj(host.clampOomScoreAdj(OOM_SCORE_ADJ))
            .withPrivileged(keepsSysfsWritable(context))
            .withReadonlyRootfs(context.getReadonlyRootfs())
            .withSecurityOpts(
                LoadedProfiles.OF_KERNEL.checked(SecurityOptions.forSandbox(context, features)));
    runtime(runtimeHandler).ifPresent(hostConfig::withRuntime);
    CgroupParent.of(linux.getCgroupParent(), features).ifPresent(hostConfig::withCgroupParent);
    Namespaces.ofSandbox(config, hostConfig);
    if (linux.getSysctlsCount() > 0) {
      hostConfig.withSysctls(linux.getSysctlsMap());
    }
    dns(config.getDnsConfig(), hostConfig);
    if (config.getAnnotationsCount() > 0 && features.speaks(1, ANNOTATIONS)) {
      hostConfig.withAnnotations(config.getAnnotationsMap());
    }
    ProcessUser user = user(context);
    hostConfig.withGroupAdd(user.groups());

    target
        .withName(identity.dockerName())
        .withImage(pauseImage)
        .withLabels(identity.dockerLabels())
        .withHealthcheck(new HealthCheck().withTest(List.of("NONE")))
        .withHostConfig(hostConfig);
    user.user().ifPresent(target::withUser);
    if (!config.getHostname().isEmpty()) {
      target.withHostName(config.getHostname());
    }
    return identity;
  }

  /**
   * A network namespace has one sysfs, and whoever mounts it first decides for all whether it can
   * be written. In a pod that may hold privileged containers that is us, and Docker mounts it
   * writable only for a privileged one; the process itself still runs as nobody. The host's is
   * writable.
   */
  private static boolean keepsSysfsWritable(LinuxSandboxSecurityContext context) {
    return context.getPrivileged()
        && context.getNamespaceOptions().getNetwork() != NamespaceMode.NODE;
  }

  private Optional<String> runtime(String handler) {
    if (handler.isEmpty() || handler.equals("docker")) {
      return Optional.empty();
    }
    if (!features.runtimes().contains(handler)) {
      throw CriException.invalid(
          "runtime handler \"%s\": Docker knows %s; add it to \"runtimes\" in daemon.json"
              .formatted(handler, new TreeSet<>(features.runtimes())));
    }
    return Optional.of(handler);
  }

  private static ProcessUser user(LinuxSandboxSecurityContext context) {
    return ProcessUser.of(
        context.hasRunAsUser() ? Optional.of(context.getRunAsUser()) : Optional.empty(),
        "",
        context.hasRunAsGroup() ? Optional.of(context.getRunAsGroup()) : Optional.empty(),
        context.getSupplementalGroupsList(),
        context.getSupplementalGroupsPolicy());
  }

  private static void dns(DNSConfig wish, HostConfig target) {
    if (wish.getServersCount() > 0) {
      target.withDns(wish.getServersList());
      // Docker would fill in the host's search domains; a dot means none.
      target.withDnsSearch(wish.getSearchesCount() > 0 ? wish.getSearchesList() : List.of("."));
    } else if (wish.getSearchesCount() > 0) {
      target.withDnsSearch(wish.getSearchesList());
    }
    if (wish.getOptionsCount() > 0) {
      target.withDnsOptions(wish.getOptionsList());
    }
  }
}
