package io.intermodal.server.wire;

import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.intermodal.cri.v1.ImageServiceGrpc;
import io.intermodal.cri.v1.RuntimeServiceGrpc;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Methods of gRPC whose messages stay bytes: nothing that a newer CRI says is lost. */
public final class Frames {
  private static final Marshaller<byte[]> BYTES =
      new Marshaller<>() {
        @Override
        public InputStream stream(byte[] message) {
          return new Bytes(message);
        }

        @Override
        public byte[] parse(InputStream stream) {
          try {
            return stream.readAllBytes();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };

  private static final Map<String, MethodDescriptor<byte[], byte[]>> OF_THE_CONTRACT = contract();

  private static final Map<String, MethodDescriptor<byte[], byte[]>> BY_RPC =
      OF_THE_CONTRACT.values().stream()
          .filter(method ->
              CriVersion.of(method.getFullMethodName()).equals(Optional.of(CriVersion.V1)))
          .collect(
              Collectors.toUnmodifiableMap(
                  method -> String.valueOf(method.getBareMethodName()), Function.identity()));

  private Frames() {}

  /** With its length known, a message is not copied once more to find it out. */
  private static final class Bytes extends ByteArrayInputStream implements KnownLength {
    Bytes(byte[] message) {
      super(message);
    }
  }

  /**
   * A method by its full name, {@code runtime.v1.RuntimeService/Version}. One that is not in our
   * contract may have any number of messages each way.
   */
  public static MethodDescriptor<byte[], byte[]> method(String fullName) {
    MethodDescriptor<byte[], byte[]> known = OF_THE_CONTRACT.get(fullName);
    return known == null ? method(fullName, MethodType.UNKNOWN) : known;
  }

  /** A method of our contract, in CRI v1, by its bare name: {@code ListImages}. */
  public static MethodDescriptor<byte[], byte[]> rpc(String name) {
    MethodDescriptor<byte[], byte[]> method = BY_RPC.get(name);
    if (method == null) {
      throw new IllegalArgumentException(name + " (expected: an RPC of CRI)");
    }
    return method;
  }

  private static MethodDescriptor<byte[], byte[]> method(String fullName, MethodType type) {
    return MethodDescriptor.newBuilder(BYTES, BYTES)
        .setType(type)
        .setFullMethodName(fullName)
        .build();
  }

  private static Map<String, MethodDescriptor<byte[], byte[]>> contract() {
    Map<String, MethodDescriptor<byte[], byte[]>> methods = new HashMap<>();
    Stream.of(RuntimeServiceGrpc.getServiceDescriptor(), ImageServiceGrpc.getServiceDescriptor())
        .flatMap(service -> service.getMethods().stream())
        .forEach(method -> {
          for (CriVersion version : CriVersion.values()) {
            String name = version.named(method.getFullMethodName());
            methods.put(name, method(name, method.getType()));
          }
        });
    return Map.copyOf(methods);
  }
}
