package io.intermodal.docker.spec.reading;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.ContainerConfig;
import com.github.dockerjava.api.model.HostConfig;
import io.intermodal.cri.v1.ContainerState;
import io.intermodal.cri.v1.LinuxPodSandboxStatus;
import io.intermodal.cri.v1.Namespace;
import io.intermodal.cri.v1.NamespaceMode;
import io.intermodal.cri.v1.NamespaceOption;
import io.intermodal.cri.v1.PodSandboxState;
import io.intermodal.cri.v1.PodSandboxStatus;
import io.intermodal.docker.spec.PodPlace;
import io.intermodal.docker.spec.labels.SandboxIdentity;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Docker's inspect answer says about a sandbox of ours.
 *
 * @param identity what name and labels say
 * @param process where its process is in its life
 * @param namespaces whose network, process and IPC namespaces its pod lives in
 * @param place what a container needs to know to join it
 */
public record SandboxReading(
    SandboxIdentity identity, ProcessState process, NamespaceOption namespaces, PodPlace place) {
  private static final String HOST = "host";

  /** Reads it; empty when it is not a sandbox of ours. */
  public static Optional<SandboxReading> of(InspectContainerResponse inspected) {
    ContainerConfig config = inspected.getConfig();
    if (config == null || config.getLabels() == null) {
      return Optional.empty();
    }
    HostConfig hostConfig =
        inspected.getHostConfig() == null ? new HostConfig() : inspected.getHostConfig();
    return SandboxIdentity.read(orEmpty(inspected.getName()), config.getLabels())
        .map(identity ->
            new SandboxReading(
                identity,
                ProcessState.of(inspected),
                NamespaceOption.newBuilder()
                    .setNetwork(mode(hostConfig.getNetworkMode(), NamespaceMode.POD))
                    .setPid(
                        mode(
                            hostConfig.getPidMode(),
                            identity.sharedProcesses()
                                ? NamespaceMode.POD
                                : NamespaceMode.CONTAINER))
                    .setIpc(mode(hostConfig.getIpcMode(), NamespaceMode.POD))
                    .build(),
                new PodPlace(
                    orEmpty(inspected.getId()),
                    orEmpty(hostConfig.getRuntime()),
                    orEmpty(hostConfig.getCgroupParent()))));
  }

  /** The sandbox's id: Docker's. */
  public String id() {
    return place.id();
  }

  /** Whether the pod lives in the host's network, so that CNI has no part in it. */
  public boolean hostNetwork() {
    return namespaces.getNetwork() == NamespaceMode.NODE;
  }

  /**
   * The runtime handler as asked for. Of a taken-over pod only the runtime is known: the engine's
   * default then stands for "none asked for".
   */
  public String runtimeHandler(String defaultRuntime) {
    return identity
        .runtimeHandler()
        .orElseGet(() -> place.runtime().equals(defaultRuntime) ? "" : place.runtime());
  }

  /** All that Docker's answer gives for CRI's status: the addresses are still to be added. */
  public PodSandboxStatus.Builder status(String defaultRuntime) {
    return PodSandboxStatus.newBuilder()
        .setId(id())
        .setMetadata(identity.metadata())
        .setState(
            process.state() == ContainerState.CONTAINER_RUNNING
                ? PodSandboxState.SANDBOX_READY
                : PodSandboxState.SANDBOX_NOTREADY)
        .setCreatedAt(process.createdAt())
        .setLinux(
            LinuxPodSandboxStatus.newBuilder()
                .setNamespaces(Namespace.newBuilder().setOptions(namespaces)))
        .putAllLabels(identity.labels())
        .putAllAnnotations(identity.annotations())
        .setRuntimeHandler(runtimeHandler(defaultRuntime));
  }

  private static NamespaceMode mode(@Nullable String docker, NamespaceMode otherwise) {
    return HOST.equals(docker) ? NamespaceMode.NODE : otherwise;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
