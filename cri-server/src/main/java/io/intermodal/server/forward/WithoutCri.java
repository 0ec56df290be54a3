package io.intermodal.server.forward;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.EngineConnection.Forwarding;
import java.util.List;
import java.util.Optional;

/** Explains why an engine that is there serves no CRI at all: it may be switched off. */
final class WithoutCri implements CriCalls {
  private final CriCalls engine;
  private final Forwarding facts;

  WithoutCri(CriCalls engine, Forwarding facts) {
    this.engine = engine;
    this.facts = facts;
  }

  @Override
  public ClientCall<byte[], byte[]> open(
      MethodDescriptor<byte[], byte[]> method, CallOptions options) {
    return new TwoWayCall(
        method,
        engine.open(method, options),
        (refusal, _) ->
            BridgedVersions.isUnknownService(refusal)
                ? Optional.of(
                    new ComputedCall(String.valueOf(method.getBareMethodName()), this::explain))
                : Optional.empty());
  }

  private List<byte[]> explain() {
    throw CriException.unimplemented(facts.whyWithoutCri());
  }
}
