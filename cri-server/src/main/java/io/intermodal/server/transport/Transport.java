package io.intermodal.server.grpc;

import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How bytes move between sockets and gRPC: by epoll where its library loads, else by NIO. */
public final class Transport implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Transport.class);
  private static final int EVENT_LOOPS = 2;

  private final boolean epoll;
  private final EventLoopGroup eventLoops;
  private final ChannelFactory<? extends ServerChannel> serverChannel;
  private final Function<Path, SocketAddress> address;

  private Transport(
      boolean epoll,
      EventLoopGroup eventLoops,
      ChannelFactory<? extends ServerChannel> serverChannel,
      Function<Path, SocketAddress> address) {
    this.epoll = epoll;
    this.eventLoops = eventLoops;
    this.serverChannel = serverChannel;
    this.address = address;
  }

  /** Epoll if this host can load it. */
  public static Transport best() {
    if (Epoll.isAvailable()) {
      return epoll();
    }
    log.info("epoll's library does not load, NIO is used: {}", cause());
    return nio();
  }

  static Transport epoll() {
    return new Transport(
        true,
        new MultiThreadIoEventLoopGroup(
            EVENT_LOOPS, new DefaultThreadFactory("epoll", true), EpollIoHandler.newFactory()),
        EpollServerDomainSocketChannel::new,
        path -> new DomainSocketAddress(path.toFile()));
  }

  static Transport nio() {
    return new Transport(
        false,
        new MultiThreadIoEventLoopGroup(
            EVENT_LOOPS, new DefaultThreadFactory("nio", true), NioIoHandler.newFactory()),
        NioServerDomainSocketChannel::new,
        UnixDomainSocketAddress::of);
  }

  /** Whether it is epoll, which alone can take over a socket that is open already. */
  boolean isEpoll() {
    return epoll;
  }

  EventLoopGroup eventLoops() {
    return eventLoops;
  }

  ChannelFactory<? extends ServerChannel> serverChannel() {
    return serverChannel;
  }

  SocketAddress address(Path path) {
    return address.apply(path);
  }

  /** Why epoll is not there. */
  static String cause() {
    Throwable cause = Epoll.unavailabilityCause();
    return cause == null ? "" : String.valueOf(cause.getMessage());
  }

  /** Ends the event loops; waits a few seconds at most. */
  @Override
  public void close() {
    eventLoops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
  }
}
