package io.intermodal.server.forward;

import io.grpc.CallOptions;
import io.grpc.HandlerRegistry;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.intermodal.server.wire.Frames;
import org.jspecify.annotations.Nullable;

/** Passes every method on to one engine, those too that neither we nor CRI have heard of. */
public final class ForwardedMethods extends HandlerRegistry {
  private final CriCalls engine;

  public ForwardedMethods(CriCalls engine) {
    this.engine = engine;
  }

  @Override
  public ServerMethodDefinition<byte[], byte[]> lookupMethod(
      String name, @Nullable String authority) {
    MethodDescriptor<byte[], byte[]> method = Frames.method(name);
    return ServerMethodDefinition.create(
        method,
        (call, headers) -> Pipe.join(call, headers, engine.open(method, CallOptions.DEFAULT)));
  }
}
