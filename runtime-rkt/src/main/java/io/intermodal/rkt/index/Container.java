package io.intermodal.rkt.index;

import io.intermodal.cri.v1.ContainerAttributes;
import io.intermodal.cri.v1.ContainerMetadata;
import io.intermodal.cri.v1.ContainerResources;
import io.intermodal.cri.v1.ContainerState;
import io.intermodal.cri.v1.ContainerStatus;
import io.intermodal.rkt.pod.Input;
import java.util.Comparator;

/**
 * A container of a pod: an app of rkt that is ours.
 *
 * @param status its whole CRI status
 * @param sandboxId the pod that it belongs to
 * @param app its name in that pod
 * @param streams how its process is connected
 * @param listed the container as lists show it
 * @param attributes the container as statistics name it
 */
public record Container(
    ContainerStatus status,
    String sandboxId,
    String app,
    Streams streams,
    io.intermodal.cri.v1.Container listed,
    ContainerAttributes attributes) {

  private static final int UNKNOWN_EXIT_CODE = 255;

  /** As people expect lists to be. */
  public static final Comparator<Container> NEWEST_FIRST =
      Comparator.comparingLong((Container c) -> c.status().getCreatedAt()).reversed();

  /**
   * How a container's process is connected.
   *
   * @param terminal whether to a terminal
   * @param input what its input is
   */
  public record Streams(boolean terminal, Input input) {}

  /** What lists and statistics say of it is made once: they are asked for far more often. */
  public Container(ContainerStatus status, String sandboxId, String app, Streams streams) {
    this(status, sandboxId, app, streams, listed(status, sandboxId), attributes(status));
  }

  public String id() {
    return status.getId();
  }

  public ContainerMetadata metadata() {
    return status.getMetadata();
  }

  public ContainerState state() {
    return status.getState();
  }

  public boolean running() {
    return state() == ContainerState.CONTAINER_RUNNING;
  }

  /** Whether it was started at some time, so that there may be output. */
  public boolean wasStarted() {
    return status.getStartedAt() > 0;
  }

  private static io.intermodal.cri.v1.Container listed(ContainerStatus status, String sandboxId) {
    return io.intermodal.cri.v1.Container.newBuilder()
        .setId(status.getId())
        .setPodSandboxId(sandboxId)
        .setMetadata(status.getMetadata())
        .setImage(status.getImage())
        .setImageRef(status.getImageId())
        .setImageId(status.getImageId())
        .setState(status.getState())
        .setCreatedAt(status.getCreatedAt())
        .putAllLabels(status.getLabelsMap())
        .putAllAnnotations(status.getAnnotationsMap())
        .build();
  }

  private static ContainerAttributes attributes(ContainerStatus status) {
    return ContainerAttributes.newBuilder()
        .setId(status.getId())
        .setMetadata(status.getMetadata())
        .putAllLabels(status.getLabelsMap())
        .putAllAnnotations(status.getAnnotationsMap())
        .build();
  }

  /** The same container with another status. */
  public Container with(ContainerStatus changed) {
    return new Container(changed, sandboxId, app, streams);
  }

  /** The same container, running since then. */
  public Container started(long atNanos) {
    return with(
        status.toBuilder()
            .setState(ContainerState.CONTAINER_RUNNING)
            .setStartedAt(atNanos)
            .build());
  }

  /** The same container with other limits. */
  public Container limitedBy(ContainerResources resources) {
    return with(status.toBuilder().setResources(resources).build());
  }

  /** The same container, ended. */
  public Container ended(AppEnd end) {
    return with(
        status.toBuilder()
            .setState(ContainerState.CONTAINER_EXITED)
            .setFinishedAt(end.finishedAt())
            .setExitCode(end.exitCode())
            .setReason(end.reason())
            .setMessage(end.message())
            .build());
  }

  /** The same container when it is gone though it ran: ended since then, nobody knows how. */
  public Container vanished(long atNanos) {
    return ended(
        new AppEnd(UNKNOWN_EXIT_CODE, "Unknown", "it was removed from rkt while it ran", atNanos));
  }

  /** A container only goes from created to running to exited: an older reading is not news. */
  boolean isNewerThan(Container other) {
    return stage(state()) > stage(other.state());
  }

  private static int stage(ContainerState state) {
    return switch (state) {
      case CONTAINER_EXITED -> 2;
      case CONTAINER_RUNNING -> 1;
      default -> 0;
    };
  }
}
