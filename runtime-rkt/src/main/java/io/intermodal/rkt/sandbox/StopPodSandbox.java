package io.intermodal.rkt.sandbox;

import io.intermodal.cri.v1.StopPodSandboxRequest;
import io.intermodal.cri.v1.StopPodSandboxResponse;
import io.intermodal.rkt.index.Index;
import io.intermodal.rkt.index.Sandbox;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.SingleFlight;

/** StopPodSandbox: ends the pod with all in it, and gives its network back. */
public final class StopPodSandbox {
  private final Index index;
  private final SandboxEnd end;
  private final SingleFlight<String, Boolean> stops = new SingleFlight<>();

  public StopPodSandbox(Index index, SandboxEnd end) {
    this.index = index;
    this.end = end;
  }

  public StopPodSandboxResponse stop(StopPodSandboxRequest request, Call call) {
    index.awaitContent(call);
    String id =
        index.sandbox(request.getPodSandboxId()).map(Sandbox::id).orElse(request.getPodSandboxId());
    var _ =
        stops.run(
            id,
            call,
            _ -> {
              end.stop(id);
              return Boolean.TRUE;
            });
    return StopPodSandboxResponse.getDefaultInstance();
  }
}
