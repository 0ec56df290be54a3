package io.intermodal.server.forward.repair;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.intermodal.server.forward.CriCalls;
import java.util.Optional;

/** What we give where an engine has nothing to give. */
interface Repair {
  /**
   * The call that answers instead of the engine, not started; empty when the refusal stands.
   *
   * @param request the caller's
   * @param refusal what the engine said
   */
  Optional<ClientCall<byte[], byte[]>> instead(Refused call, byte[] request, Status refusal);

  /**
   * A call that an engine refused.
   *
   * @param engine where it came from, for another call
   */
  record Refused(CriCalls engine, MethodDescriptor<byte[], byte[]> method, CallOptions options) {
    String rpc() {
      return String.valueOf(method.getBareMethodName());
    }
  }
}
