package io.intermodal.server.dispatch;

import static io.grpc.stub.ServerCalls.asyncServerStreamingCall;
import static io.grpc.stub.ServerCalls.asyncUnaryCall;

import com.google.protobuf.MessageLite;
import io.grpc.Context;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.intermodal.cri.v1.ImageServiceGrpc;
import io.intermodal.cri.v1.RuntimeServiceGrpc;
import io.intermodal.runtime.CurrentRpc;
import io.intermodal.server.grpc.ErrorStatus;
import io.intermodal.server.wire.CriVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * CRI's two services, each under the names of both versions, in front of an engine.
 *
 * <p>Handlers run on the server's executor and may block. A request whose answer would be larger
 * than a message may be is refused; the RPCs that stream lists have no such limit.
 */
public final class CriServices {
  /** The largest message, both ways: what kubelets set as their own limit. */
  public static final int LARGEST_MESSAGE = 16 << 20;

  private static final int LARGEST_CHUNK = 512 << 10;

  private final ServedEngine engine;
  private final OpenStreams streams;

  private CriServices(ServedEngine engine, OpenStreams streams) {
    this.engine = engine;
    this.streams = streams;
  }

  /**
   * The services, ready to be registered.
   *
   * @param streams keeps the streams that are open, to be closed before the server
   */
  public static List<ServerServiceDefinition> of(ServedEngine engine, OpenStreams streams) {
    CriServices services = new CriServices(engine, streams);
    List<ServerServiceDefinition> definitions = new ArrayList<>();
    for (CriVersion version : CriVersion.values()) {
      Map<String, Rpc<?, ?>> served =
          Rpcs.of(version, engine.handlers()).stream()
              .collect(
                  Collectors.toMap(rpc -> rpc.method().getFullMethodName(), Function.identity()));
      definitions.add(services.service(RuntimeServiceGrpc.getServiceDescriptor(), version, served));
      definitions.add(services.service(ImageServiceGrpc.getServiceDescriptor(), version, served));
    }
    return List.copyOf(definitions);
  }

  /** The bare names of all RPCs of CRI, those that are refused too. */
  public static Set<String> rpcs() {
    return Stream.of(
            RuntimeServiceGrpc.getServiceDescriptor(), ImageServiceGrpc.getServiceDescriptor())
        .flatMap(contract -> contract.getMethods().stream())
        .map(Rpc::nameOf)
        .collect(Collectors.toUnmodifiableSet());
  }

  private ServerServiceDefinition service(
      ServiceDescriptor contract, CriVersion version, Map<String, Rpc<?, ?>> served) {
    ServerServiceDefinition.Builder service =
        ServerServiceDefinition.builder(version.named(contract.getName()));
    for (MethodDescriptor<?, ?> method : contract.getMethods()) {
      Rpc<?, ?> rpc = served.get(method.getFullMethodName());
      if (rpc == null) {
        addRefused(service, version.of(method));
      } else {
        addServed(service, version, rpc);
      }
    }
    return service.build();
  }

  private <Q, A extends MessageLite> void addServed(
      ServerServiceDefinition.Builder service, CriVersion version, Rpc<Q, A> rpc) {
    service.addMethod(version.of(rpc.method()), handler(rpc));
  }

  private <Q, A> void addRefused(
      ServerServiceDefinition.Builder service, MethodDescriptor<Q, A> method) {
    String text =
        "%s is not implemented for %s in this version of the server"
            .formatted(Rpc.nameOf(method), engine.name());
    Status refusal = Status.UNIMPLEMENTED.withDescription(text);
    service.addMethod(
        method,
        asyncServerStreamingCall(
            (request, answer) -> answer.onError(refusal.asRuntimeException())));
  }

  private <Q, A extends MessageLite> ServerCallHandler<Q, A> handler(Rpc<Q, A> rpc) {
    return switch (rpc) {
      case Rpc.Unary<Q, A> unary ->
          asyncUnaryCall((request, answer) -> answerOnce(unary, request, answer));
      case Rpc.ListStream<Q, A, ?> list ->
          asyncServerStreamingCall((request, answer) -> answerInChunks(list, request, answer));
      case Rpc.EventStream<Q, A> stream -> new EventStreamHandler<>(stream, engine, streams);
    };
  }

  private <Q, A extends MessageLite> void answerOnce(
      Rpc.Unary<Q, A> rpc, Q request, StreamObserver<A> answer) {
    ignoreCallersThatLeft(answer);
    A message;
    try {
      message =
          CurrentRpc.during(
              rpc.name(), () -> rpc.operation().apply(engine.operations(), request, currentCall()));
      refuseTooLarge(rpc, message);
    } catch (Throwable failure) {
      answer.onError(ErrorStatus.of(rpc.name(), failure));
      return;
    }
    answer.onNext(message);
    answer.onCompleted();
  }

  private <Q, A extends MessageLite, I extends MessageLite> void answerInChunks(
      Rpc.ListStream<Q, A, I> rpc, Q request, StreamObserver<A> answer) {
    ServerCallStreamObserver<A> out = ignoreCallersThatLeft(answer);
    Chunks<I> chunks;
    try {
      List<I> items =
          CurrentRpc.during(
              rpc.name(), () -> rpc.items().apply(engine.operations(), request, currentCall()));
      chunks = new Chunks<>(items, LARGEST_CHUNK);
    } catch (Throwable failure) {
      answer.onError(ErrorStatus.of(rpc.name(), failure));
      return;
    }
    ChunkWriter<A, I> writer = new ChunkWriter<>(chunks, rpc.chunk(), out);
    out.setOnReadyHandler(writer::write);
    writer.write();
  }

  private static GrpcCall currentCall() {
    return new GrpcCall(Context.current());
  }

  /** Without a handler, answering a caller that has left would throw. */
  private static <A> ServerCallStreamObserver<A> ignoreCallersThatLeft(StreamObserver<A> answer) {
    ServerCallStreamObserver<A> observer = (ServerCallStreamObserver<A>) answer;
    observer.setOnCancelHandler(() -> {});
    return observer;
  }

  private static void refuseTooLarge(Rpc<?, ?> rpc, MessageLite message)
      throws StatusRuntimeException {
    int size = message.getSerializedSize();
    if (size > LARGEST_MESSAGE) {
      throw Status.RESOURCE_EXHAUSTED
          .withDescription(
              "the answer to %s has %d bytes, a message at most %d: filter it, or use a Stream RPC"
                  .formatted(rpc.name(), size, LARGEST_MESSAGE))
          .asRuntimeException();
    }
  }
}
