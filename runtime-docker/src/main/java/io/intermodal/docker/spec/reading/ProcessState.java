package io.intermodal.docker.spec.reading;

import com.github.dockerjava.api.command.InspectContainerResponse;
import io.intermodal.cri.v1.ContainerState;
import org.jspecify.annotations.Nullable;

/**
 * Where a container is in its life.
 *
 * @param state created, running or exited
 * @param createdAt nanoseconds since 1970
 * @param startedAt nanoseconds since 1970, 0 if it was never started
 * @param finishedAt nanoseconds since 1970, 0 if it has not ended
 * @param exitCode as the process returned it; 126 to 128 also when it could not be started
 * @param reason {@code Completed}, {@code Error}, {@code OOMKilled} or {@code ContainerCannotRun};
 *     "" before it has ended
 * @param message what Docker said when the container could not be started; mostly ""
 * @param pid process id in the host's namespace, 0 if it does not run
 */
public record ProcessState(
    ContainerState state,
    long createdAt,
    long startedAt,
    long finishedAt,
    int exitCode,
    String reason,
    String message,
    long pid) {

  static ProcessState of(InspectContainerResponse inspected) {
    InspectContainerResponse.@Nullable ContainerState docker = inspected.getState();
    long createdAt = DockerTime.nanos(inspected.getCreated());
    if (docker == null) {
      return new ProcessState(ContainerState.CONTAINER_UNKNOWN, createdAt, 0, 0, 0, "", "", 0);
    }
    long startedAt = DockerTime.nanos(docker.getStartedAt());
    long finishedAt = DockerTime.nanos(docker.getFinishedAt());
    int exitCode = toInt(docker.getExitCodeLong());
    String message = docker.getError() == null ? "" : docker.getError();
    if (Boolean.TRUE.equals(docker.getRunning())) {
      Long pid = docker.getPidLong();
      return new ProcessState(
          ContainerState.CONTAINER_RUNNING,
          createdAt,
          startedAt,
          0,
          0,
          "",
          message,
          pid == null ? 0 : pid);
    }
    if (startedAt == 0 && exitCode != 0) {
      // It never ran: CRI has no other way to say so than an end at the moment of its creation.
      return new ProcessState(
          ContainerState.CONTAINER_EXITED,
          createdAt,
          createdAt,
          createdAt,
          exitCode,
          "ContainerCannotRun",
          message,
          0);
    }
    if (startedAt == 0) {
      return new ProcessState(ContainerState.CONTAINER_CREATED, createdAt, 0, 0, 0, "", message, 0);
    }
    return new ProcessState(
        ContainerState.CONTAINER_EXITED,
        createdAt,
        startedAt,
        // Docker takes the two times from different clocks: a short life can end before its start.
        Math.max(startedAt, finishedAt),
        exitCode,
        reason(docker, exitCode),
        message,
        0);
  }

  private static String reason(InspectContainerResponse.ContainerState docker, int exitCode) {
    if (Boolean.TRUE.equals(docker.getOOMKilled())) {
      return "OOMKilled";
    }
    return exitCode == 0 ? "Completed" : "Error";
  }

  private static int toInt(@Nullable Long value) {
    return value == null ? 0 : value.intValue();
  }
}
