package io.intermodal.docker.index;

import io.intermodal.cri.v1.ContainerAttributes;
import io.intermodal.cri.v1.ContainerMetadata;
import io.intermodal.cri.v1.ContainerState;
import io.intermodal.cri.v1.ContainerStatus;
import io.intermodal.docker.spec.reading.ContainerReading;
import io.intermodal.docker.spec.resources.CgroupSettings;
import io.intermodal.docker.spec.resources.ResourceSpec;
import java.util.Comparator;

/**
 * A container of a pod.
 *
 * @param status its whole CRI status
 * @param sandboxId the sandbox that it belongs to
 * @param tty whether its output comes from a terminal
 * @param pid its first process in the host's PID namespace, 0 when it does not run or that is not
 *     known yet
 * @param cgroupParent as Docker has it, empty for Docker's own
 * @param cgroupSettings limits that are not Docker's to set
 * @param listed the container as lists show it
 * @param attributes the container as statistics name it
 */
public record Container(
    ContainerStatus status,
    String sandboxId,
    boolean tty,
    long pid,
    String cgroupParent,
    CgroupSettings cgroupSettings,
    io.intermodal.cri.v1.Container listed,
    ContainerAttributes attributes) {

  private static final int UNKNOWN_EXIT_CODE = 255;

  /** As people expect lists to be. */
  public static final Comparator<Container> NEWEST_FIRST =
      Comparator.comparingLong((Container c) -> c.status().getCreatedAt()).reversed();

  /** What lists and statistics say of it is made once: they are asked for far more often. */
  public Container(
      ContainerStatus status,
      String sandboxId,
      boolean tty,
      long pid,
      String cgroupParent,
      CgroupSettings cgroupSettings) {
    this(
        status,
        sandboxId,
        tty,
        pid,
        cgroupParent,
        cgroupSettings,
        listed(status, sandboxId),
        attributes(status));
  }

  public static Container of(ContainerReading reading) {
    return new Container(
        reading.status().build(),
        reading.identity().sandboxId(),
        reading.tty(),
        reading.process().pid(),
        reading.cgroupParent(),
        reading.identity().cgroupSettings());
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

  /** The same container, with these limits in place of those that Docker does not keep. */
  Container limitedBy(CgroupSettings settings) {
    if (settings.equals(cgroupSettings)) {
      return this;
    }
    ContainerStatus.Builder changed = status.toBuilder();
    changed
        .getResourcesBuilder()
        .setLinux(ResourceSpec.with(status.getResources().getLinux(), settings));
    return new Container(changed.build(), sandboxId, tty, pid, cgroupParent, settings);
  }

  /** The same container, running since then. */
  public Container started(long atNanos) {
    return new Container(
        status.toBuilder()
            .setState(ContainerState.CONTAINER_RUNNING)
            .setStartedAt(atNanos)
            .clearFinishedAt()
            .clearExitCode()
            .clearReason()
            .clearMessage()
            .build(),
        sandboxId,
        tty,
        pid,
        cgroupParent,
        cgroupSettings);
  }

  /**
   * The same container when it went while it ran: ended since then, nobody knows how. Code and
   * reason are containerd's for that.
   */
  public Container vanished(long atNanos) {
    return new Container(
        status.toBuilder()
            .setState(ContainerState.CONTAINER_EXITED)
            .setFinishedAt(atNanos)
            .setExitCode(UNKNOWN_EXIT_CODE)
            .setReason("Unknown")
            .setMessage("it was removed from Docker while it ran")
            .build(),
        sandboxId,
        tty,
        0,
        cgroupParent,
        cgroupSettings);
  }

  /**
   * Whether the other reading is the older one and must not replace this one: readings race, and a
   * container only goes from created to running to exited until it is started again.
   */
  boolean isNewerThan(Container other) {
    return switch (other.state()) {
      case CONTAINER_CREATED -> state() != ContainerState.CONTAINER_CREATED;
      case CONTAINER_RUNNING ->
          state() == ContainerState.CONTAINER_EXITED
              && other.status.getStartedAt() <= status.getFinishedAt();
      default -> false;
    };
  }
}
