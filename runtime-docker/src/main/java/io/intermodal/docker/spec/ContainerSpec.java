package io.intermodal.docker.spec;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.DockerObjectAccessor;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.RestartPolicy;
import com.google.protobuf.ByteString;
import io.intermodal.cri.v1.ContainerConfig;
import io.intermodal.cri.v1.KeyValue;
import io.intermodal.cri.v1.LinuxContainerSecurityContext;
import io.intermodal.cri.v1.PodSandboxConfig;
import io.intermodal.cri.v1.Signal;
import io.intermodal.docker.spec.labels.ContainerIdentity;
import io.intermodal.docker.spec.labels.ImageVolume;
import io.intermodal.docker.spec.resources.CgroupSettings;
import io.intermodal.docker.spec.resources.ResourceSpec;
import io.intermodal.docker.spec.security.Capabilities;
import io.intermodal.docker.spec.security.LoadedProfiles;
import io.intermodal.docker.spec.security.ProcessUser;
import io.intermodal.docker.spec.security.SecurityOptions;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.contract.StopSignals;
import io.intermodal.runtime.node.Host;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A container of a pod as Docker's request.
 *
 * <p>It joins its sandbox's namespaces and cgroup parent and runs with the sandbox's runtime. The
 * image's health check is switched off: kubelets do their own. What Docker cannot set at all comes
 * back in the identity as {@link CgroupSettings}.
 */
public final class ContainerSpec {
  /** The first API that hands annotations to the OCI runtime. */
  private static final int ANNOTATIONS = 43;

  private final EngineFeatures features;
  private final Host host;
  private final ImageFolders images;

  public ContainerSpec(EngineFeatures features, Host host, ImageFolders images) {
    this.features = features;
    this.host = host;
    this.images = images;
  }

  /**
   * Fills Docker's request. Missing folders of the host that are to be mounted are made, and files
   * of images that are to be mounted are shown.
   *
   * @param pod the configuration of the pod, as in the request
   * @param sandbox the pod's sandbox, as Docker has it
   * @param image id of the image to run
   * @param log where Docker keeps the output
   * @return what name and labels say
   * @throws CriException INVALID_ARGUMENT naming the field that is missing or wrong, UNIMPLEMENTED
   *     for what this engine cannot do, FAILED_PRECONDITION for what the host cannot
   */
  public ContainerIdentity fill(
      CreateContainerCmd target,
      ContainerConfig config,
      PodSandboxConfig pod,
      PodPlace sandbox,
      String image,
      LogConfig log) {
    if (config.hasWindows()) {
      throw CriException.invalid("windows: this is a Linux node");
    }
    LinuxContainerSecurityContext context = config.getLinux().getSecurityContext();
    if (context.getPrivileged() && !pod.getLinux().getSecurityContext().getPrivileged()) {
      throw CriException.invalid(
          "container \"%s\": privileged in a pod that is not; set privileged in the sandbox's security context too"
              .formatted(config.getMetadata().getName()));
    }

    HostConfig hostConfig =
        HostConfig.newHostConfig()
            .withRestartPolicy(RestartPolicy.noRestart())
            .withAutoRemove(false)
            .withLogConfig(log);
    CgroupSettings settings =
        new ResourceSpec(features, host).fill(hostConfig, config.getLinux().getResources());
    ContainerIdentity identity = ContainerIdentity.of(config, pod, sandbox.id(), settings);
    target
        .withName(identity.dockerName())
        .withImage(image)
        .withHealthcheck(new HealthCheck().withTest(List.of("NONE")))
        .withHostConfig(hostConfig);

    if (!sandbox.runtime().isEmpty()) {
      hostConfig.withRuntime(sandbox.runtime());
    }
    if (!sandbox.cgroupParent().isEmpty()) {
      hostConfig.withCgroupParent(sandbox.cgroupParent());
    }
    process(config, target);
    confine(config, context, hostConfig);
    Namespaces.ofContainer(context.getNamespaceOptions(), pod, sandbox.id(), hostConfig);
    ProcessUser user = user(context);
    user.user().ifPresent(target::withUser);
    hostConfig.withGroupAdd(user.groups());
    new Devices(features).fill(hostConfig, config.getDevicesList(), config.getCDIDevicesList());
    if (config.getAnnotationsCount() > 0 && features.speaks(1, ANNOTATIONS)) {
      hostConfig.withAnnotations(config.getAnnotationsMap());
    }
    // Last, since it is what touches the host.
    Map<String, String> labels = new LinkedHashMap<>(identity.dockerLabels());
    List<ImageVolume> volumes =
        new Mounts(features, images).fill(hostConfig, config.getMountsList());
    labels.putAll(ImageVolume.labels(volumes, !features.mountsImages()));
    target.withLabels(labels);
    return identity;
  }

  private static void process(ContainerConfig config, CreateContainerCmd target) {
    if (config.getCommandCount() > 0) {
      target.withEntrypoint(config.getCommandList());
    }
    if (config.getArgsCount() > 0) {
      target.withCmd(config.getArgsList());
    }
    if (!config.getWorkingDir().isEmpty()) {
      target.withWorkingDir(config.getWorkingDir());
    }
    target
        .withEnv(config.getEnvsList().stream().map(ContainerSpec::environment).toList())
        .withStdinOpen(config.getStdin())
        .withStdInOnce(config.getStdinOnce())
        .withTty(config.getTty());
    if (config.getStopSignal() == Signal.UNRECOGNIZED) {
      throw CriException.invalid(
          "stop_signal: unknown signal %d".formatted(config.getStopSignalValue()));
    }
    StopSignals.name(config.getStopSignal()).ifPresent(target::withStopSignal);
  }

  private static String environment(KeyValue variable) {
    String key = variable.getKey();
    ByteString value = variable.getValue();
    if (key.isEmpty() || key.indexOf('=') >= 0 || key.indexOf('\0') >= 0) {
      throw CriException.invalid(
          "envs: \"%s\" cannot be the name of a variable".formatted(key.replace('\0', '?')));
    }
    if (!value.isValidUtf8()) {
      throw CriException.invalid(
          "envs: the value of %s is not valid UTF-8, which Docker needs".formatted(key));
    }
    String text = value.toStringUtf8();
    if (text.indexOf('\0') >= 0) {
      throw CriException.invalid("envs: the value of %s holds a zero byte".formatted(key));
    }
    return key + "=" + text;
  }

  private void confine(
      ContainerConfig config, LinuxContainerSecurityContext context, HostConfig target) {
    target
        .withPrivileged(context.getPrivileged())
        .withReadonlyRootfs(context.getReadonlyRootfs())
        .withSecurityOpts(
            LoadedProfiles.OF_KERNEL.checked(SecurityOptions.forContainer(context, features)));
    Capabilities capabilities = Capabilities.of(context.getCapabilities());
    target.withCapAdd(capabilities.add().toArray(Capability[]::new));
    target.withCapDrop(capabilities.drop().toArray(Capability[]::new));
    if (context.getPrivileged()) {
      paths(target, List.of(), List.of());
    } else if (config.getLinux().hasSecurityContext()) {
      // Empty lists are a wish too: a kubelet sends them for an unmasked /proc.
      paths(target, context.getMaskedPathsList(), context.getReadonlyPathsList());
    }
  }

  private static void paths(HostConfig target, List<String> masked, List<String> readonly) {
    DockerObjectAccessor.overrideRawValue(target, "MaskedPaths", List.copyOf(masked));
    DockerObjectAccessor.overrideRawValue(target, "ReadonlyPaths", List.copyOf(readonly));
  }

  private static ProcessUser user(LinuxContainerSecurityContext context) {
    return ProcessUser.of(
        context.hasRunAsUser() ? Optional.of(context.getRunAsUser()) : Optional.empty(),
        context.getRunAsUsername(),
        context.hasRunAsGroup() ? Optional.of(context.getRunAsGroup()) : Optional.empty(),
        context.getSupplementalGroupsList(),
        context.getSupplementalGroupsPolicy());
  }
}
