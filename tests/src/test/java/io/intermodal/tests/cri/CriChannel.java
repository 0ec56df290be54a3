package io.intermodal.tests.cri;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.intermodal.cri.v1.ImageServiceGrpc;
import io.intermodal.cri.v1.ImageServiceGrpc.ImageServiceBlockingStub;
import io.intermodal.cri.v1.RuntimeServiceGrpc;
import io.intermodal.cri.v1.RuntimeServiceGrpc.RuntimeServiceBlockingStub;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A connection to a CRI socket. */
public final class CriChannel implements AutoCloseable {
  /** How long a call may take before the test fails: far more than any needs. */
  private static final long DEADLINE_SECONDS = 60;

  private static final int MESSAGE_BYTES = 64 << 20;

  private final EventLoopGroup events =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final Path socket;
  private final ManagedChannel channel;

  public CriChannel(Path socket) {
    this.socket = socket;
    channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
            .eventLoopGroup(events)
            .channelType(EpollDomainSocketChannel.class)
            .usePlaintext()
            .maxInboundMessageSize(MESSAGE_BYTES)
            .overrideAuthority("localhost")
            .build();
  }

  public Path socket() {
    return socket;
  }

  /** Forgets how long to wait before the next attempt to connect: the server is back. */
  public void reconnect() {
    channel.resetConnectBackoff();
  }

  public RuntimeServiceBlockingStub runtime() {
    return RuntimeServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  public ImageServiceBlockingStub images() {
    return ImageServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  /** Subscribes to what happens from now on; there is no deadline. */
  Events events() {
    return Events.of(channel);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    events.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }
}
