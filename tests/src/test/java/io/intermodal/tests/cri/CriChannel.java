package io.intermodal.tests.cri;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.intermodal.cri.v1.ImageServiceGrpc;
import io.intermodal.cri.v1.ImageServiceGrpc.ImageServiceBlockingStub;
import io.intermodal.cri.v1.ListPodSandboxRequest;
import io.intermodal.cri.v1.PodSandbox;
import io.intermodal.cri.v1.RemovePodSandboxRequest;
import io.intermodal.cri.v1.RuntimeServiceGrpc;
import io.intermodal.cri.v1.RuntimeServiceGrpc.RuntimeServiceBlockingStub;
import io.intermodal.cri.v1.StopPodSandboxRequest;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A connection to a CRI socket. */
public final class CriChannel implements AutoCloseable {
  /** How long a call may take before the test fails: far more than any needs. */
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private static final int MESSAGE_BYTES = 64 << 20;

  private final EventLoopGroup events =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final Path socket;
  private final ManagedChannel channel;
  private final Channel calls;
  private final Duration deadline;

  /** Speaks v1, as kubelets since 1.23 do. */
  public CriChannel(Path socket) {
    this(socket, DEADLINE);
  }

  /** Likewise, with calls that may take so long before the test fails. */
  public CriChannel(Path socket, Duration deadline) {
    this(socket, List.of(), deadline);
  }

  private CriChannel(Path socket, List<ClientInterceptor> changes, Duration deadline) {
    this.socket = socket;
    this.deadline = deadline;
    channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
            .eventLoopGroup(events)
            .channelType(EpollDomainSocketChannel.class)
            .usePlaintext()
            .maxInboundMessageSize(MESSAGE_BYTES)
            .overrideAuthority("localhost")
            .build();
    calls = ClientInterceptors.intercept(channel, changes);
  }

  /** Speaks v1alpha2, as kubelets until 1.22 do: the same messages under another name. */
  public static CriChannel inVersion1alpha2(Path socket) {
    return new CriChannel(socket, List.of(new Version1alpha2()), DEADLINE);
  }

  private static final class Version1alpha2 implements ClientInterceptor {
    @Override
    public <A, B> ClientCall<A, B> interceptCall(
        MethodDescriptor<A, B> method, CallOptions options, Channel next) {
      String name =
          method.getFullMethodName().replaceFirst("^runtime\\.v1\\.", "runtime.v1alpha2.");
      return next.newCall(method.toBuilder().setFullMethodName(name).build(), options);
    }
  }

  public Path socket() {
    return socket;
  }

  /** Whether somebody takes connections there. */
  public static boolean accepts(Path socket) {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return channel.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** Forgets how long to wait before the next attempt to connect: the server is back. */
  public void reconnect() {
    channel.resetConnectBackoff();
  }

  public RuntimeServiceBlockingStub runtime() {
    return RuntimeServiceGrpc.newBlockingStub(calls)
        .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
  }

  public ImageServiceBlockingStub images() {
    return ImageServiceGrpc.newBlockingStub(calls)
        .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Ids of all pods. */
  public List<String> podIds() {
    return runtime()
        .listPodSandbox(ListPodSandboxRequest.getDefaultInstance())
        .getItemsList()
        .stream()
        .map(PodSandbox::getId)
        .toList();
  }

  /** Stops and removes all pods; says so when that fails, since their engine is to end anyway. */
  public void removeAllPods() {
    try {
      for (String pod : podIds()) {
        var _ =
            runtime()
                .stopPodSandbox(StopPodSandboxRequest.newBuilder().setPodSandboxId(pod).build());
        var _ =
            runtime()
                .removePodSandbox(
                    RemovePodSandboxRequest.newBuilder().setPodSandboxId(pod).build());
      }
    } catch (StatusRuntimeException e) {
      // The folder's end takes along what is left; and one may have no CRI.
      System.out.println("removing the pods of " + socket + ": " + e.getMessage());
    }
  }

  /** Subscribes to what happens from now on; there is no deadline. */
  Events events() {
    return Events.of(calls);
  }

  Events unconfirmedEvents() {
    return Events.unconfirmed(calls);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    events.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }
}
