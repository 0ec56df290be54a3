package io.intermodal.server.forward;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;

/** Opens calls to an engine. */
@FunctionalInterface
public interface CriCalls {
  /** A call that is not started yet. */
  ClientCall<byte[], byte[]> open(MethodDescriptor<byte[], byte[]> method, CallOptions options);
}
