package io.intermodal.rkt.spec;

import com.google.protobuf.InvalidProtocolBufferException;
import io.intermodal.cri.v1.ContainerStatus;
import io.intermodal.cri.v1.PodSandboxMetadata;
import io.intermodal.cri.v1.PodSandboxStatus;
import io.intermodal.rkt.index.Container.Streams;
import io.intermodal.rkt.pod.Input;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What we write on rkt's pods and apps, which is all that a restart of ours needs: CRI's own status
 * messages as they were when the thing was made, in base64, since rkt keeps text only.
 */
public final class OwnAnnotations {
  private static final Logger log = LoggerFactory.getLogger(OwnAnnotations.class);

  private static final String SANDBOX = "io.intermodal/sandbox";
  private static final String PLACE = "io.intermodal/place";
  private static final String CONTAINER = "io.intermodal/container";
  private static final String STREAMS = "io.intermodal/streams";
  private static final String TERMINAL = "terminal";
  private static final Map<Input, String> INPUTS =
      Map.of(Input.NONE, "", Input.OPEN, "stdin", Input.ONCE, "stdin-once");

  private OwnAnnotations() {}

  /** Those of a pod; the names under {@code io.kubernetes} are for people. */
  public static Map<String, String> of(PodSandboxStatus facts, String place) {
    PodSandboxMetadata metadata = facts.getMetadata();
    Map<String, String> annotations = new LinkedHashMap<>();
    annotations.put("io.kubernetes.pod.name", metadata.getName());
    annotations.put("io.kubernetes.pod.namespace", metadata.getNamespace());
    annotations.put("io.kubernetes.pod.uid", metadata.getUid());
    annotations.put(PLACE, place);
    annotations.put(SANDBOX, text(facts.toByteArray()));
    return annotations;
  }

  /** Those of an app. */
  public static Map<String, String> of(ContainerStatus facts, Streams streams) {
    Map<String, String> annotations = new LinkedHashMap<>();
    annotations.put("io.kubernetes.container.name", facts.getMetadata().getName());
    annotations.put(
        STREAMS, (streams.terminal() ? TERMINAL : "") + "," + INPUTS.get(streams.input()));
    annotations.put(CONTAINER, text(facts.toByteArray()));
    return annotations;
  }

  /** The pod's status as it was made, without its id; empty when the pod is not ours. */
  public static Optional<PodSandboxStatus> sandbox(Map<String, String> annotations) {
    return bytes(annotations, SANDBOX)
        .flatMap(bytes -> {
          try {
            return Optional.of(PodSandboxStatus.parseFrom(bytes));
          } catch (InvalidProtocolBufferException e) {
            log.warn("the annotation {} of a pod is damaged: it is taken for another's", SANDBOX);
            return Optional.empty();
          }
        });
  }

  /** The name of a pod's place; "" when there is none. */
  public static String place(Map<String, String> annotations) {
    return annotations.getOrDefault(PLACE, "");
  }

  /** The container's status as it was made; empty when the app is not ours. */
  public static Optional<ContainerStatus> container(Map<String, String> annotations) {
    return bytes(annotations, CONTAINER)
        .flatMap(bytes -> {
          try {
            return Optional.of(ContainerStatus.parseFrom(bytes));
          } catch (InvalidProtocolBufferException e) {
            log.warn(
                "the annotation {} of an app is damaged: it is taken for another's", CONTAINER);
            return Optional.empty();
          }
        });
  }

  /** How the app's process is connected. */
  public static Streams streams(Map<String, String> annotations) {
    String text = annotations.getOrDefault(STREAMS, "");
    String input = text.substring(text.indexOf(',') + 1);
    return new Streams(
        text.startsWith(TERMINAL),
        INPUTS.entrySet().stream()
            .filter(entry -> entry.getValue().equals(input))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElse(Input.NONE));
  }

  private static String text(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static Optional<byte[]> bytes(Map<String, String> annotations, String key) {
    String text = annotations.get(key);
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      log.warn("the annotation {} is damaged: its owner is taken for another's", key);
      return Optional.empty();
    }
  }
}
