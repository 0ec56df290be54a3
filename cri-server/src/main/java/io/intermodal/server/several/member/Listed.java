package io.intermodal.server.several.member;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.intermodal.cri.v1.Container;
import io.intermodal.cri.v1.ContainerConfig;
import io.intermodal.cri.v1.ContainerState;
import io.intermodal.cri.v1.CreateContainerRequest;
import io.intermodal.cri.v1.PodSandbox;
import io.intermodal.cri.v1.PodSandboxConfig;
import io.intermodal.cri.v1.PodSandboxState;
import io.intermodal.cri.v1.RunPodSandboxRequest;
import io.intermodal.runtime.contract.Timestamps;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How an engine will list what a caller had it make: all of that but the image's id is in the
 * request and its answer.
 */
public final class Listed {
  private static final Logger log = LoggerFactory.getLogger(Listed.class);

  private Listed() {}

  /**
   * A sandbox that is ready.
   *
   * @param request RunPodSandbox's
   * @return empty when that is none
   */
  public static Optional<byte[]> sandbox(byte[] request, String id, Instant made) {
    return item(() -> {
      RunPodSandboxRequest asked = RunPodSandboxRequest.parseFrom(request);
      PodSandboxConfig config = asked.getConfig();
      return PodSandbox.newBuilder()
          .setId(id)
          .setMetadata(config.getMetadata())
          .setState(PodSandboxState.SANDBOX_READY)
          .setCreatedAt(Timestamps.of(made))
          .putAllLabels(config.getLabelsMap())
          .putAllAnnotations(config.getAnnotationsMap())
          .setRuntimeHandler(asked.getRuntimeHandler())
          .build();
    });
  }

  /**
   * A container that was not started.
   *
   * @param request CreateContainer's
   * @return empty when that is none
   */
  public static Optional<byte[]> container(byte[] request, String id, Instant made) {
    return item(() -> {
      CreateContainerRequest asked = CreateContainerRequest.parseFrom(request);
      ContainerConfig config = asked.getConfig();
      return Container.newBuilder()
          .setId(id)
          .setPodSandboxId(asked.getPodSandboxId())
          .setMetadata(config.getMetadata())
          .setImage(config.getImage())
          .setImageRef(config.getImage().getImage())
          .setState(ContainerState.CONTAINER_CREATED)
          .setCreatedAt(Timestamps.of(made))
          .putAllLabels(config.getLabelsMap())
          .putAllAnnotations(config.getAnnotationsMap())
          .build();
    });
  }

  /** The sandbox after StopPodSandbox. */
  static byte[] stopped(byte[] sandbox) {
    return item(() ->
            PodSandbox.parseFrom(sandbox).toBuilder()
                .setState(PodSandboxState.SANDBOX_NOTREADY)
                .build())
        .orElse(sandbox);
  }

  /** The container in another state. */
  static byte[] in(ContainerState state, byte[] container) {
    return item(() -> Container.parseFrom(container).toBuilder().setState(state).build())
        .orElse(container);
  }

  private interface Parsed {
    Message message() throws InvalidProtocolBufferException;
  }

  private static Optional<byte[]> item(Parsed parsed) {
    try {
      return Optional.of(parsed.message().toByteArray());
    } catch (InvalidProtocolBufferException e) {
      log.warn("an engine made something from a request that cannot be read: {}", e.getMessage());
      return Optional.empty();
    }
  }
}
