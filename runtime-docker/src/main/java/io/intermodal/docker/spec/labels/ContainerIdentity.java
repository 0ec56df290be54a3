package io.intermodal.docker.spec.labels;

import io.intermodal.cri.v1.ContainerConfig;
import io.intermodal.cri.v1.ContainerMetadata;
import io.intermodal.cri.v1.PodSandboxConfig;
import io.intermodal.docker.spec.resources.CgroupSettings;
import io.intermodal.runtime.CriException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a container's name and labels say.
 *
 * @param metadata name and attempt of the container
 * @param pod the pod that it belongs to
 * @param sandboxId the id of that pod's sandbox
 * @param logPath absolute path of the log file; "" if the request names no file or no folder for it
 * @param labels the container's labels as in the request
 * @param annotations the container's annotations as in the request
 * @param image the image as named in the request and by the pod's author; empty on a container that
 *     was taken over
 * @param cgroupSettings limits that are not Docker's to keep
 */
public record ContainerIdentity(
    ContainerMetadata metadata,
    Pod pod,
    String sandboxId,
    String logPath,
    Map<String, String> labels,
    Map<String, String> annotations,
    Optional<AskedImage> image,
    CgroupSettings cgroupSettings) {

  /** The pod of a container. */
  public record Pod(String name, String namespace, String uid) {}

  /**
   * The image as asked for.
   *
   * @param name as in the request; may be an id
   * @param userSpecified as the pod's author wrote it, "" if the request does not say
   */
  public record AskedImage(String name, String userSpecified) {}

  public ContainerIdentity {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }

  /** The identity of the container that the request asks for. */
  public static ContainerIdentity of(
      ContainerConfig config,
      PodSandboxConfig sandbox,
      String sandboxId,
      CgroupSettings cgroupSettings) {
    return new ContainerIdentity(
        config.getMetadata(),
        new Pod(
            sandbox.getMetadata().getName(),
            sandbox.getMetadata().getNamespace(),
            sandbox.getMetadata().getUid()),
        sandboxId,
        logPath(sandbox.getLogDirectory(), config.getLogPath()),
        config.getLabelsMap(),
        config.getAnnotationsMap(),
        Optional.of(
            new AskedImage(
                config.getImage().getImage(), config.getImage().getUserSpecifiedImage())),
        cgroupSettings);
  }

  /**
   * Reads it back.
   *
   * @param name the container's name in Docker, with or without the leading slash
   * @param raw the container's labels in Docker
   * @return empty when it is not a container of a pod of ours
   */
  public static Optional<ContainerIdentity> read(String name, Map<String, String> raw) {
    String sandboxId = raw.get(LabelKeys.SANDBOX_ID);
    if (!LabelKeys.CONTAINER.equals(raw.get(LabelKeys.TYPE)) || sandboxId == null) {
      return Optional.empty();
    }
    UserLabels user = UserLabels.read(raw, false);
    return ContainerName.read(name, raw)
        .map(parts ->
            new ContainerIdentity(
                ContainerMetadata.newBuilder()
                    .setName(parts.container())
                    .setAttempt(parts.attempt())
                    .build(),
                new Pod(parts.pod(), parts.namespace(), parts.uid()),
                sandboxId,
                raw.getOrDefault(LabelKeys.LOG_PATH, ""),
                user.labels(),
                user.annotations(),
                Optional.ofNullable(raw.get(LabelKeys.IMAGE))
                    .map(image ->
                        new AskedImage(
                            image, raw.getOrDefault(LabelKeys.USER_SPECIFIED_IMAGE, ""))),
                new CgroupSettings(
                    under(raw, LabelKeys.UNIFIED_PREFIX), under(raw, LabelKeys.HUGEPAGES_PREFIX))));
  }

  /**
   * The container's name in Docker.
   *
   * @throws CriException INVALID_ARGUMENT naming what is missing in the metadata or not allowed
   */
  public String dockerName() {
    return parts().encode();
  }

  /**
   * The container's labels in Docker.
   *
   * @throws CriException INVALID_ARGUMENT naming what is missing in the metadata or not allowed
   */
  public Map<String, String> dockerLabels() {
    Map<String, String> raw = new LinkedHashMap<>();
    new UserLabels(labels, annotations).write(raw, false);
    raw.put(LabelKeys.TYPE, LabelKeys.CONTAINER);
    raw.put(LabelKeys.SANDBOX_ID, sandboxId);
    raw.put(LabelKeys.LOG_PATH, logPath);
    image.ifPresent(asked -> {
      raw.put(LabelKeys.IMAGE, asked.name());
      if (!asked.userSpecified().isEmpty()) {
        raw.put(LabelKeys.USER_SPECIFIED_IMAGE, asked.userSpecified());
      }
    });
    cgroupSettings
        .unified()
        .forEach((file, value) -> raw.put(LabelKeys.UNIFIED_PREFIX + file, value));
    cgroupSettings
        .hugepages()
        .forEach((size, limit) -> raw.put(LabelKeys.HUGEPAGES_PREFIX + size, limit));
    parts().writeIfAmbiguous(raw);
    return raw;
  }

  private ContainerName parts() {
    return new ContainerName(
        metadata.getName(), pod.name(), pod.namespace(), pod.uid(), metadata.getAttempt());
  }

  private static String logPath(String directory, String file) {
    if (file.isEmpty() || (directory.isEmpty() && !file.startsWith("/"))) {
      return "";
    }
    try {
      return Path.of(directory, file).normalize().toString();
    } catch (InvalidPathException e) {
      throw new CriException(
          CriException.Code.INVALID_ARGUMENT,
          "log_path \"%s\" in log_directory \"%s\" is no path: %s"
              .formatted(file, directory, e.getReason()),
          e);
    }
  }

  private static Map<String, String> under(Map<String, String> raw, String prefix) {
    Map<String, String> found = new LinkedHashMap<>();
    raw.forEach((key, value) -> {
      if (key.startsWith(prefix)) {
        found.put(key.substring(prefix.length()), value);
      }
    });
    return found;
  }
}
