package io.intermodal.rkt.sandbox;

import io.intermodal.cri.v1.RemovePodSandboxRequest;
import io.intermodal.cri.v1.RemovePodSandboxResponse;
import io.intermodal.rkt.index.Index;
import io.intermodal.rkt.index.Sandbox;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.SingleFlight;
import java.util.Optional;

/** RemovePodSandbox: with its containers, ended first if it runs. An unknown pod is a success. */
public final class RemovePodSandbox {
  private final Index index;
  private final SandboxEnd end;
  private final SingleFlight<String, Boolean> removals = new SingleFlight<>();

  public RemovePodSandbox(Index index, SandboxEnd end) {
    this.index = index;
    this.end = end;
  }

  public RemovePodSandboxResponse remove(RemovePodSandboxRequest request, Call call) {
    index.awaitContent(call);
    Optional<Sandbox> sandbox = index.sandbox(request.getPodSandboxId());
    if (sandbox.isPresent()) {
      String id = sandbox.get().id();
      var _ =
          removals.run(
              id,
              call,
              _ -> {
                end.remove(id);
                return Boolean.TRUE;
              });
    }
    return RemovePodSandboxResponse.getDefaultInstance();
  }
}
