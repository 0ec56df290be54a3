package io.intermodal.server.forward.repair;

import io.grpc.ClientCall;
import io.grpc.Status;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.EngineConnection.Forwarding;
import io.intermodal.server.forward.ComputedCall;
import io.intermodal.server.grpc.ErrorStatus;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * To stop or to remove what is gone succeeds: CRI asks for it, engines differ. The answers of these
 * RPCs have no fields.
 */
final class GoneIsStopped implements Repair {
  static final Set<String> RPCS =
      Set.of(
          "StopPodSandbox", "RemovePodSandbox", "StopContainer", "RemoveContainer", "RemoveImage");

  private static final List<byte[]> DONE = List.of(new byte[0]);

  private final Forwarding facts;

  GoneIsStopped(Forwarding facts) {
    this.facts = facts;
  }

  @Override
  public Optional<ClientCall<byte[], byte[]>> instead(
      Refused call, byte[] request, Status refusal) {
    CriException.Code code = ErrorStatus.code(refusal);
    String said = refusal.getDescription() == null ? "" : refusal.getDescription();
    return facts.meansGone(code, said)
        ? Optional.of(new ComputedCall(call.rpc(), () -> DONE))
        : Optional.empty();
  }
}
