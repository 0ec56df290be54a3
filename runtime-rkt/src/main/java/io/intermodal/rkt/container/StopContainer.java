package io.intermodal.rkt.container;

import io.intermodal.cri.v1.StopContainerRequest;
import io.intermodal.cri.v1.StopContainerResponse;
import io.intermodal.rkt.index.Container;
import io.intermodal.rkt.index.Index;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.SingleFlight;
import java.time.Duration;

/**
 * StopContainer: the stop signal, then after the grace period a kill; without a grace period the
 * kill alone. What is unknown or has ended is a success. Several calls for one container with the
 * same grace period are one stop; a shorter one overtakes a longer one that is under way.
 */
public final class StopContainer {
  private final Index index;
  private final ContainerEnd end;
  private final SingleFlight<Stop, Boolean> stops = new SingleFlight<>();

  private record Stop(String id, Duration grace) {
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
    Duration grace = Duration.ofSeconds(Math.min(request.getTimeout(), Integer.MAX_VALUE));
    index
        .container(request.getContainerId())
        .filter(Container::running)
        .ifPresent(container -> stop(container, grace, call));
    return StopContainerResponse.getDefaultInstance();
  }

  private void stop(Container container, Duration grace, Call call) {
    var _ =
        stops.run(
            new Stop(container.id(), grace),
            call,
            _ -> {
              end.stop(container, grace);
              return Boolean.TRUE;
            });
  }
}
