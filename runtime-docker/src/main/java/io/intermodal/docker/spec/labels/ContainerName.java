package io.intermodal.docker.spec.labels;

import com.google.common.base.Splitter;
import io.intermodal.runtime.CriException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a container's name. Docker refuses a second container of the same name, so a name
 * made of the metadata keeps a retried request from making a second pod.
 *
 * @param container the container's name, {@code POD} for a sandbox
 * @param pod the pod's name
 * @param namespace the pod's namespace
 * @param uid the pod's uid
 * @param attempt the attempt, an unsigned 32-bit number
 */
record ContainerName(String container, String pod, String namespace, String uid, int attempt) {
  private static final String PREFIX = "k8s";
  private static final String DELIMITER = "_";

  /** What Docker lets stand in a name behind its first letter. */
  private static final Pattern ALLOWED = Pattern.compile("[a-zA-Z0-9_.-]+");

  /**
   * The name for Docker.
   *
   * @throws CriException INVALID_ARGUMENT naming the part that is empty or that Docker would refuse
   */
  String encode() {
    require("container name", container);
    require("pod name", pod);
    require("pod namespace", namespace);
    require("pod uid", uid);
    return String.join(
        DELIMITER, PREFIX, container, pod, namespace, uid, Integer.toUnsignedString(attempt));
  }

  private void require(String what, String value) {
    if (value.isEmpty()) {
      throw CriException.invalid(
          "pod \"%s/%s\": the metadata has no %s".formatted(namespace, pod, what));
    }
    if (!ALLOWED.matcher(value).matches()) {
      throw CriException.invalid(
          "pod \"%s/%s\": %s \"%s\" has a character that Docker does not allow in names; use letters, digits, '_', '.' and '-'"
              .formatted(namespace, pod, what, value));
    }
  }

  /** Reads a name, with or without Docker's leading slash; empty when it is not of our scheme. */
  static Optional<ContainerName> decode(String name) {
    List<String> parts =
        Splitter.on(DELIMITER).splitToList(name.startsWith("/") ? name.substring(1) : name);
    // A seventh part is the random suffix that cri-dockerd adds after a conflict of names.
    if ((parts.size() != 6 && parts.size() != 7) || !parts.getFirst().equals(PREFIX)) {
      return Optional.empty();
    }
    return attempt(parts.get(5))
        .map(attempt ->
            new ContainerName(parts.get(1), parts.get(2), parts.get(3), parts.get(4), attempt));
  }

  /**
   * The parts from wherever they are told: our own labels, the name, and for a container that was
   * renamed by hand the kubelet's labels.
   */
  static Optional<ContainerName> read(String name, Map<String, String> labels) {
    return fromLabels(
            labels.get(LabelKeys.OWN_CONTAINER_NAME),
            labels.get(LabelKeys.OWN_POD_NAME),
            labels.get(LabelKeys.OWN_POD_NAMESPACE),
            labels.get(LabelKeys.OWN_POD_UID),
            labels.get(LabelKeys.OWN_ATTEMPT))
        .or(() -> decode(name))
        .or(() ->
            fromLabels(
                labels.get(LabelKeys.CONTAINER_NAME),
                labels.get(LabelKeys.POD_NAME),
                labels.get(LabelKeys.POD_NAMESPACE),
                labels.get(LabelKeys.POD_UID),
                labels.getOrDefault(LabelKeys.ANNOTATION_PREFIX + LabelKeys.RESTART_COUNT, "0")));
  }

  /** Writes the parts as labels if the name alone would not be read back as them. */
  void writeIfAmbiguous(Map<String, String> labels) {
    if (decode(encode()).filter(this::equals).isPresent()) {
      return;
    }
    labels.put(LabelKeys.OWN_CONTAINER_NAME, container);
    labels.put(LabelKeys.OWN_POD_NAME, pod);
    labels.put(LabelKeys.OWN_POD_NAMESPACE, namespace);
    labels.put(LabelKeys.OWN_POD_UID, uid);
    labels.put(LabelKeys.OWN_ATTEMPT, Integer.toUnsignedString(attempt));
  }

  private static Optional<ContainerName> fromLabels(
      @Nullable String container,
      @Nullable String pod,
      @Nullable String namespace,
      @Nullable String uid,
      @Nullable String attempt) {
    if (container == null || pod == null || namespace == null || uid == null || attempt == null) {
      return Optional.empty();
    }
    return attempt(attempt).map(n -> new ContainerName(container, pod, namespace, uid, n));
  }

  private static Optional<Integer> attempt(String text) {
    try {
      return Optional.of(Integer.parseUnsignedInt(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
