package io.intermodal.server.client;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.ClientCalls;
import io.intermodal.cri.v1.ImageServiceGrpc;
import io.intermodal.cri.v1.ImageServiceGrpc.ImageServiceBlockingStub;
import io.intermodal.cri.v1.RuntimeServiceGrpc;
import io.intermodal.cri.v1.RuntimeServiceGrpc.RuntimeServiceBlockingStub;
import io.intermodal.runtime.CriException;
import io.intermodal.server.forward.CriCalls;
import io.intermodal.server.grpc.ErrorStatus;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A connection to a CRI server. Every failure is a {@link CriException} with the server's code; its
 * message says which call failed and what the server answered.
 */
public final class CriClient implements CriCalls, AutoCloseable {
  private static final int MAX_MESSAGE_BYTES = 16 << 20;

  private final Path socket;
  private final EventLoopGroup eventLoop;
  private final ManagedChannel channel;
  private final RuntimeServiceBlockingStub runtime;
  private final ImageServiceBlockingStub images;

  /** Connects when the first call is made, and again after the server was away. */
  public CriClient(Path socket) {
    this.socket = socket;
    eventLoop =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("cri-client", true), NioIoHandler.newFactory());
    channel =
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .eventLoopGroup(eventLoop)
            .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
            // A path is no authority; Go servers refuse one with an escaped slash in it.
            .overrideAuthority("localhost")
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .usePlaintext()
            .build();
    runtime = RuntimeServiceGrpc.newBlockingStub(channel);
    images = ImageServiceGrpc.newBlockingStub(channel);
  }

  /** Calls a method of the runtime service. */
  public <A> A runtime(
      Deadline deadline, String rpc, Function<RuntimeServiceBlockingStub, A> call) {
    return call(runtime, deadline, rpc, call);
  }

  /** Calls a method of the image service. */
  public <A> A images(Deadline deadline, String rpc, Function<ImageServiceBlockingStub, A> call) {
    return call(images, deadline, rpc, call);
  }

  /** Calls a method of another service, with one request and one answer. */
  public <Q, A> A other(Deadline deadline, MethodDescriptor<Q, A> method, Q request) {
    try {
      return ClientCalls.blockingUnaryCall(
          channel,
          method,
          CallOptions.DEFAULT.withDeadlineAfter(
              deadline.remaining().toNanos(), TimeUnit.NANOSECONDS),
          request);
    } catch (StatusRuntimeException e) {
      String rpc = String.valueOf(method.getBareMethodName());
      throw new CriException(ErrorStatus.code(e.getStatus()), explain(rpc, e.getStatus()), e);
    }
  }

  /** A call whose failures are gRPC's own. */
  @Override
  public ClientCall<byte[], byte[]> open(
      MethodDescriptor<byte[], byte[]> method, CallOptions options) {
    return channel.newCall(method, options);
  }

  private <S extends AbstractStub<S>, A> A call(
      S stub, Deadline deadline, String rpc, Function<S, A> call) {
    try {
      return call.apply(
          stub.withDeadlineAfter(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS));
    } catch (StatusRuntimeException e) {
      throw new CriException(ErrorStatus.code(e.getStatus()), explain(rpc, e.getStatus()), e);
    }
  }

  private String explain(String rpc, Status status) {
    // A status without a cause came over the wire: the server is there and said so itself.
    if (status.getCode() == Status.Code.UNAVAILABLE && status.getCause() != null) {
      return "nobody answers on unix://%s (%s). Start the server with bin/start or intermodal serve."
          .formatted(socket, status.getCause().getMessage());
    }
    return "%s: %s: %s".formatted(rpc, status.getCode(), status.getDescription());
  }

  /**
   * Lets the next call try the socket at once. After failures the channel waits before it tries
   * again, for minutes in the end, and calls fail without a try meanwhile.
   */
  public void tryAgainNow() {
    channel.resetConnectBackoff();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    eventLoop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
  }
}
