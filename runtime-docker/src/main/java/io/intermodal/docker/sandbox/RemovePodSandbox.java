package io.intermodal.docker.sandbox;

import io.intermodal.cri.v1.RemovePodSandboxRequest;
import io.intermodal.cri.v1.RemovePodSandboxResponse;
import io.intermodal.docker.container.ContainerEnd;
import io.intermodal.docker.index.Container;
import io.intermodal.docker.index.Index;
import io.intermodal.docker.index.Sandbox;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.SingleFlight;
import java.util.Optional;

/**
 * RemovePodSandbox: stops the pod if it is not, then removes its containers and its pause
 * container. An unknown pod is a success.
 */
public final class RemovePodSandbox {
  private final Index index;
  private final StopPodSandbox stop;
  private final ContainerEnd end;
  private final SingleFlight<String, Boolean> removals = new SingleFlight<>();

  public RemovePodSandbox(Index index, StopPodSandbox stop, ContainerEnd end) {
    this.index = index;
    this.stop = stop;
    this.end = end;
  }

  public RemovePodSandboxResponse remove(RemovePodSandboxRequest request, Call call) {
    index.awaitContent(call);
    Optional<Sandbox> sandbox = index.sandbox(request.getPodSandboxId());
    String id = sandbox.map(Sandbox::id).orElse(request.getPodSandboxId());
    removals.run(
        id,
        call,
        _ -> {
          remove(id);
          return Boolean.TRUE;
        });
    return RemovePodSandboxResponse.getDefaultInstance();
  }

  private void remove(String id) {
    stop.stop(id);
    for (Container container : index.containersOf(id)) {
      end.remove(container.id());
    }
    if (index.sandbox(id).isPresent()) {
      end.remove(id);
    }
  }
}
