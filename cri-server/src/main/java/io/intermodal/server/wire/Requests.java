package io.intermodal.server.wire;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.StatusRuntimeException;
import io.intermodal.cri.v1.ImageServiceGrpc;
import io.intermodal.cri.v1.RuntimeServiceGrpc;
import java.io.ByteArrayInputStream;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Requests that passed as bytes, as messages: to be logged. */
public final class Requests {
  private static final Map<String, PrototypeMarshaller<?>> BY_RPC =
      Stream.of(RuntimeServiceGrpc.getServiceDescriptor(), ImageServiceGrpc.getServiceDescriptor())
          .flatMap(service -> service.getMethods().stream())
          .collect(
              Collectors.toUnmodifiableMap(
                  method -> String.valueOf(method.getBareMethodName()),
                  method -> (PrototypeMarshaller<?>) method.getRequestMarshaller()));

  private Requests() {}

  /**
   * The request of an RPC.
   *
   * @param rpc its bare name
   * @return empty when the RPC is none of our contract or the bytes are no such message
   */
  public static Optional<Message> message(String rpc, byte[] request) {
    PrototypeMarshaller<?> marshaller = BY_RPC.get(rpc);
    if (marshaller == null) {
      return Optional.empty();
    }
    try {
      return marshaller.parse(new ByteArrayInputStream(request)) instanceof Message message
          ? Optional.of(message)
          : Optional.empty();
    } catch (StatusRuntimeException e) {
      // Not to be read: whoever it is for says so.
      return Optional.empty();
    }
  }
}
