package io.intermodal.server.grpc;

import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Answers RPCs of which this server has never heard, so that they are named and logged too. */
public final class UnknownMethods extends HandlerRegistry {
  /** Nothing is read: the answer does not depend on the request. */
  private static final MethodDescriptor.Marshaller<byte[]> UNREAD =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
          return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
          return new byte[0];
        }
      };

  @Override
  public ServerMethodDefinition<byte[], byte[]> lookupMethod(
      String name, @Nullable String authority) {
    MethodDescriptor<byte[], byte[]> method =
        MethodDescriptor.newBuilder(UNREAD, UNREAD)
            .setType(MethodDescriptor.MethodType.UNKNOWN)
            .setFullMethodName(name)
            .build();
    Status refusal =
        Status.UNIMPLEMENTED.withDescription(
            name + " is not an RPC of CRI (runtime.v1 or runtime.v1alpha2) known to this server");
    return ServerMethodDefinition.create(
        method,
        (call, headers) -> {
          call.close(refusal, new Metadata());
          return new ServerCall.Listener<>() {};
        });
  }
}
