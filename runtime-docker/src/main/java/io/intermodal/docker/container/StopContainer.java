package io.intermodal.docker.container;

import io.intermodal.cri.v1.ContainerState;
import io.intermodal.cri.v1.StopContainerRequest;
import io.intermodal.cri.v1.StopContainerResponse;
import io.intermodal.docker.index.Index;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.SingleFlight;

/**
 * StopContainer: the stop signal, then after the grace period a kill; without a grace period the
 * kill alone. What is unknown or has ended is a success. Several calls for one container with the
 * same grace period are one stop; a shorter one overtakes a longer one that is under way.
 */
public final class StopContainer {
  private final Index index;
  private final ContainerEnd end;
  private final SingleFlight<Stop, Boolean> stops = new SingleFlight<>();

  private record Stop(String id, int graceSeconds) {
    @Override
    public String toString() {
      return "stop of container " + id;
    }
  }

  public StopContainer(Index index, ContainerEnd end) {
    this.index = index;
    this.end = end;
  }

  public StopContainerResponse stop(StopContainerRequest request, Call call) {
    if (request.getTimeout() < 0) {
      throw CriException.invalid(
          "timeout: %d (expected: seconds, 0 or more)".formatted(request.getTimeout()));
    }
    index.awaitContent(call);
    int grace = (int) Math.min(request.getTimeout(), Integer.MAX_VALUE);
    index
        .container(request.getContainerId())
        .filter(container -> container.state() == ContainerState.CONTAINER_RUNNING)
        .ifPresent(container -> stop(new Stop(container.id(), grace), call));
    return StopContainerResponse.getDefaultInstance();
  }

  private void stop(Stop stop, Call call) {
    stops.run(
        stop,
        call,
        _ -> {
          if (stop.graceSeconds() == 0) {
            end.kill(stop.id());
          } else {
            end.stop(stop.id(), stop.graceSeconds());
          }
          return Boolean.TRUE;
        });
  }
}
