package io.intermodal.server.forward.repair;

import io.grpc.ClientCall;
import io.grpc.Status;
import io.intermodal.cri.v1.LinuxRuntimeConfiguration;
import io.intermodal.cri.v1.RuntimeConfigResponse;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.EngineConnection.Forwarding;
import io.intermodal.server.forward.ComputedCall;
import java.util.List;
import java.util.Optional;

/**
 * Answers RuntimeConfig with the cgroup driver of the engine's own configuration where the engine
 * has no such RPC: kubelets from 1.38 on do not start without it.
 */
final class CgroupDriverFromConfig implements Repair {
  private final Forwarding facts;

  CgroupDriverFromConfig(Forwarding facts) {
    this.facts = facts;
  }

  @Override
  public Optional<ClientCall<byte[], byte[]>> instead(
      Refused call, byte[] request, Status refusal) {
    return refusal.getCode() == Status.Code.UNIMPLEMENTED
        ? Optional.of(new ComputedCall(call.rpc(), () -> List.of(answer(refusal))))
        : Optional.empty();
  }

  private byte[] answer(Status refusal) {
    return facts
        .cgroupDriver()
        .map(driver ->
            RuntimeConfigResponse.newBuilder()
                .setLinux(LinuxRuntimeConfiguration.newBuilder().setCgroupDriver(driver))
                .build()
                .toByteArray())
        .orElseThrow(() ->
            CriException.unimplemented(
                "the engine has no RuntimeConfig (%s) and its configuration does not tell its cgroup driver: set cgroupDriver in the kubelet's configuration"
                    .formatted(refusal.getDescription())));
  }
}
