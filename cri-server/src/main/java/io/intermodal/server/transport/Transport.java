package io.intermodal.server.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How bytes move between sockets and servers: by epoll where its library loads, else by NIO. */
public final class Transport implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Transport.class);
  private static final int EVENT_LOOPS = 2;

  private final boolean epoll;
  private final EventLoopGroup eventLoops;
  private final ChannelFactory<? extends ServerChannel> unixServer;
  private final ChannelFactory<? extends ServerChannel> tcpServer;
  private final Class<? extends Channel> unixClient;
  private final Class<? extends Channel> tcpClient;
  private final Function<Path, SocketAddress> address;

  private Transport(
      boolean epoll,
      EventLoopGroup eventLoops,
      ChannelFactory<? extends ServerChannel> unixServer,
      ChannelFactory<? extends ServerChannel> tcpServer,
      Class<? extends Channel> unixClient,
      Class<? extends Channel> tcpClient,
      Function<Path, SocketAddress> address) {
    this.epoll = epoll;
    this.eventLoops = eventLoops;
    this.unixServer = unixServer;
    this.tcpServer = tcpServer;
    this.unixClient = unixClient;
    this.tcpClient = tcpClient;
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

  /** Epoll, which must be available. */
  public static Transport epoll() {
    return new Transport(
        true,
        new MultiThreadIoEventLoopGroup(
            EVENT_LOOPS, new DefaultThreadFactory("epoll", true), EpollIoHandler.newFactory()),
        EpollServerDomainSocketChannel::new,
        EpollServerSocketChannel::new,
        EpollDomainSocketChannel.class,
        EpollSocketChannel.class,
        path -> new DomainSocketAddress(path.toFile()));
  }

  /** The JDK's own. */
  public static Transport nio() {
    return new Transport(
        false,
        new MultiThreadIoEventLoopGroup(
            EVENT_LOOPS, new DefaultThreadFactory("nio", true), NioIoHandler.newFactory()),
        NioServerDomainSocketChannel::new,
        NioServerSocketChannel::new,
        NioDomainSocketChannel.class,
        NioSocketChannel.class,
        UnixDomainSocketAddress::of);
  }

  /** Whether it is epoll, which alone can take over a socket that is open already. */
  public boolean isEpoll() {
    return epoll;
  }

  /** The threads that move bytes. Nothing may block them. */
  public EventLoopGroup eventLoops() {
    return eventLoops;
  }

  /** Makes channels that listen on a Unix socket. */
  public ChannelFactory<? extends ServerChannel> unixServer() {
    return unixServer;
  }

  /** Makes channels that listen on a TCP port. */
  public ChannelFactory<? extends ServerChannel> tcpServer() {
    return tcpServer;
  }

  /** The channels that connect to a Unix socket. */
  public Class<? extends Channel> unixClient() {
    return unixClient;
  }

  /** The channels that connect to a TCP port. */
  public Class<? extends Channel> tcpClient() {
    return tcpClient;
  }

  /** A Unix socket's path as an address of this transport. */
  public SocketAddress address(Path path) {
    return address.apply(path);
  }

  /** Why epoll is not there. */
  public static String cause() {
    Throwable cause = Epoll.unavailabilityCause();
    return cause == null ? "" : String.valueOf(cause.getMessage());
  }

  /** Ends the event loops; waits a few seconds at most. */
  @Override
  public void close() {
    eventLoops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
  }
}
