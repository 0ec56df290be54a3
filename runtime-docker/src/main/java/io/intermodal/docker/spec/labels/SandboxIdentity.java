package io.intermodal.docker.spec.labels;

import io.intermodal.cri.v1.NamespaceMode;
import io.intermodal.cri.v1.PodSandboxConfig;
import io.intermodal.cri.v1.PodSandboxMetadata;
import io.intermodal.runtime.CriException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a sandbox's name and labels say.
 *
 * @param metadata name, namespace, uid and attempt of the pod
 * @param labels the pod's labels as in the request
 * @param annotations the pod's annotations as in the request
 * @param runtimeHandler the runtime handler as asked for, "" if none was named; empty on a pod that
 *     was taken over, whose request is not known
 * @param sharedProcesses whether the pod's containers share one process namespace; false on a pod
 *     that was taken over, where only its containers tell
 */
public record SandboxIdentity(
    PodSandboxMetadata metadata,
    Map<String, String> labels,
    Map<String, String> annotations,
    Optional<String> runtimeHandler,
    boolean sharedProcesses) {

  public SandboxIdentity {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }

  /** The identity of the pod that the request asks for. */
  public static SandboxIdentity of(PodSandboxConfig config, String runtimeHandler) {
    return new SandboxIdentity(
        config.getMetadata(),
        config.getLabelsMap(),
        config.getAnnotationsMap(),
        Optional.of(runtimeHandler),
        config.getLinux().getSecurityContext().getNamespaceOptions().getPid() == NamespaceMode.POD);
  }

  /**
   * Reads it back.
   *
   * @param name the container's name in Docker, with or without the leading slash
   * @param raw the container's labels in Docker
   * @return empty when the container is not a sandbox of ours
   */
  public static Optional<SandboxIdentity> read(String name, Map<String, String> raw) {
    if (!LabelKeys.SANDBOX.equals(raw.get(LabelKeys.TYPE))) {
      return Optional.empty();
    }
    UserLabels user = UserLabels.read(raw, true);
    return ContainerName.read(name, raw)
        .map(parts ->
            new SandboxIdentity(
                PodSandboxMetadata.newBuilder()
                    .setName(parts.pod())
                    .setNamespace(parts.namespace())
                    .setUid(parts.uid())
                    .setAttempt(parts.attempt())
                    .build(),
                user.labels(),
                user.annotations(),
                Optional.ofNullable(raw.get(LabelKeys.RUNTIME_HANDLER)),
                raw.containsKey(LabelKeys.SHARED_PROCESSES)));
  }

  /**
   * The sandbox's name in Docker.
   *
   * @throws CriException INVALID_ARGUMENT naming what is missing in the metadata or not allowed
   */
  public String dockerName() {
    return parts().encode();
  }

  /**
   * The sandbox's labels in Docker.
   *
   * @throws CriException INVALID_ARGUMENT naming what is missing in the metadata or not allowed
   */
  public Map<String, String> dockerLabels() {
    Map<String, String> raw = new LinkedHashMap<>();
    new UserLabels(labels, annotations).write(raw, true);
    raw.put(LabelKeys.TYPE, LabelKeys.SANDBOX);
    raw.put(LabelKeys.CONTAINER_NAME, LabelKeys.SANDBOX_CONTAINER);
    runtimeHandler.ifPresent(handler -> raw.put(LabelKeys.RUNTIME_HANDLER, handler));
    if (sharedProcesses) {
      raw.put(LabelKeys.SHARED_PROCESSES, "true");
    }
    parts().writeIfAmbiguous(raw);
    return raw;
  }

  private ContainerName parts() {
    return new ContainerName(
        LabelKeys.SANDBOX_CONTAINER,
        metadata.getName(),
        metadata.getNamespace(),
        metadata.getUid(),
        metadata.getAttempt());
  }
}
