package io.intermodal.server.monitoring;

import io.intermodal.cri.v1.StatusResponse;
import io.intermodal.server.transport.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running HTTP server of {@code /metrics}, {@code /healthz} and {@code /readyz}. */
public final class MonitoringServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MonitoringServer.class);
  private static final int PAGES_AT_ONCE = 8;
  private static final int LARGEST_BODY = 4 * 1024;
  private static final int PATIENCE_SECONDS = 10;

  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Channel listener;

  private MonitoringServer(InetSocketAddress address, Transport transport, Pages pages)
      throws IOException {
    this.listener = listen(address, transport, pages);
  }

  /**
   * Listens.
   *
   * @param address where; port 0 takes a free one
   * @param criSocket the socket whose answers mean life
   * @param status means readiness
   * @throws IOException with one sentence why it cannot
   */
  public static MonitoringServer start(
      InetSocketAddress address,
      Transport transport,
      Measurements measurements,
      Path criSocket,
      Supplier<StatusResponse> status)
      throws IOException {
    Pages pages = new Pages(measurements, new Liveness(criSocket), new Readiness(status));
    MonitoringServer server = new MonitoringServer(address, transport, pages);
    InetSocketAddress bound = server.address();
    String host = bound.getAddress().getHostAddress();
    log.info(
        "serving metrics on http://{}:{}/metrics",
        host.contains(":") ? "[" + host + "]" : host,
        bound.getPort());
    return server;
  }

  private Channel listen(InetSocketAddress address, Transport transport, Pages pages)
      throws IOException {
    Semaphore room = new Semaphore(PAGES_AT_ONCE);
    try {
      return new ServerBootstrap()
          .group(transport.eventLoops(), transport.eventLoops())
          .channelFactory(transport.tcpServer())
          .childOption(ChannelOption.TCP_NODELAY, true)
          .childHandler(
              new ChannelInitializer<Channel>() {
                @Override
                protected void initChannel(Channel channel) {
                  connections.add(channel);
                  channel
                      .pipeline()
                      .addLast(new ReadTimeoutHandler(PATIENCE_SECONDS))
                      .addLast(new HttpServerCodec())
                      .addLast(new HttpObjectAggregator(LARGEST_BODY))
                      .addLast(new PageRequest(pages, room));
                }
              })
          .bind(
              new InetSocketAddress(
                  InetAddress.getByName(address.getHostString()), address.getPort()))
          .syncUninterruptibly()
          .channel();
    } catch (Exception e) {
      // Netty throws the cause, checked or not.
      throw new IOException(
          "cannot listen on %s:%d: %s; set another --metrics-address"
              .formatted(address.getHostString(), address.getPort(), e.getMessage()),
          e);
    }
  }

  /** Where it listens. */
  InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  @Override
  public void close() {
    listener.close().syncUninterruptibly();
    connections.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
  }
}
