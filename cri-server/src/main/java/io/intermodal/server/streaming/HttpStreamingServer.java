package io.intermodal.server.streaming;

import io.intermodal.runtime.CurrentRpc;
import io.intermodal.runtime.node.StreamingServer;
import io.intermodal.runtime.streaming.Session;
import io.intermodal.runtime.streaming.WantedStreams;
import io.intermodal.server.streaming.ports.PortsOffer;
import io.intermodal.server.streaming.process.ProcessOffer;
import io.intermodal.server.transport.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running server of sessions. Closing it cuts off the sessions that go on and waits a few seconds
 * for their end: a command's process ends with that, an attached container does not.
 */
public final class HttpStreamingServer implements StreamingServer, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpStreamingServer.class);
  private static final int LONGEST_REQUEST_LINE = 4 * 1024;
  private static final int LARGEST_HEADERS = 16 * 1024;
  private static final int LARGEST_BODY_CHUNK = 8 * 1024;

  /** A session's writers wait from the second on until the first is reached again. */
  private static final WriteBufferWaterMark WRITTEN_AHEAD =
      new WriteBufferWaterMark(32 * 1024, 64 * 1024);

  /**
   * Chunks of half a MiB, in one arena: a session holds little, and what many sessions have held
   * for a moment should not stay with us.
   */
  private static final ByteBufAllocator BUFFERS =
      new PooledByteBufAllocator(true, 0, 1, 8192, 6, 0, 0, false);

  private static final Duration LAST_SESSIONS = Duration.ofSeconds(5);

  private final Offers offers = new Offers(System::nanoTime);
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  // One party for each session that goes on, and one for ourselves.
  private final Phaser sessions = new Phaser(1);
  private final StreamingSettings settings;
  private final Optional<ServerTls> tls;
  private final SessionCounts counts = new SessionCounts();
  private final Channel listener;
  private final String base;

  private HttpStreamingServer(
      StreamingSettings settings, Optional<ServerTls> tls, Transport transport) throws IOException {
    this.settings = settings;
    this.tls = tls;
    this.listener = listen(transport);
    InetSocketAddress address = (InetSocketAddress) listener.localAddress();
    this.base =
        "%s://%s:%d/"
            .formatted(
                tls.isPresent() ? "https" : "http", host(address.getAddress()), address.getPort());
  }

  /**
   * Listens.
   *
   * @throws IOException with one sentence why it cannot
   */
  public static HttpStreamingServer start(StreamingSettings settings, Transport transport)
      throws IOException {
    Optional<ServerTls> tls =
        settings.tls().isPresent()
            ? Optional.of(ServerTls.read(settings.tls().get()))
            : Optional.empty();
    HttpStreamingServer server = new HttpStreamingServer(settings, tls, transport);
    log.info("serving exec, attach and port-forward on {}", server.base);
    return server;
  }

  private Channel listen(Transport transport) throws IOException {
    String address = settings.address();
    int colon = address.lastIndexOf(':');
    String host = address.substring(0, colon).replaceAll("^\\[|\\]$", "");
    int port = Integer.parseInt(address.substring(colon + 1));
    try {
      return new ServerBootstrap()
          .group(transport.eventLoops(), transport.eventLoops())
          .channelFactory(transport.tcpServer())
          .childOption(ChannelOption.TCP_NODELAY, true)
          .childOption(ChannelOption.SO_KEEPALIVE, true)
          .childOption(ChannelOption.ALLOCATOR, BUFFERS)
          .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITTEN_AHEAD)
          .childHandler(new Connections())
          .bind(new InetSocketAddress(InetAddress.getByName(host), port))
          .syncUninterruptibly()
          .channel();
    } catch (Exception e) {
      // Netty throws the cause, checked or not.
      throw new IOException(
          "cannot listen on %s: %s; set another --stream-address"
              .formatted(address, e.getMessage()),
          e);
    }
  }

  /** A URL must lead somewhere: who listens everywhere is found on loopback. */
  private static String host(InetAddress address) {
    InetAddress reachable =
        address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address;
    String text = reachable.getHostAddress();
    return text.contains(":") ? "[" + text + "]" : text;
  }

  @Override
  public String exec(WantedStreams streams, Session session) {
    return url(new Offer.OfProcess(new ProcessOffer("exec", streams, counted("Exec", session))));
  }

  @Override
  public String attach(WantedStreams streams, Session session) {
    return url(
        new Offer.OfProcess(new ProcessOffer("attach", streams, counted("Attach", session))));
  }

  @Override
  public String portForward(String pod, List<Integer> ports, Supplier<String> networkNamespace) {
    return url(new Offer.OfPorts(new PortsOffer(pod, ports, networkNamespace)));
  }

  /** The sessions since the start. */
  public SessionCounts counts() {
    return counts;
  }

  /** What it asks of the engine belongs to the RPC that offered it. */
  private Session counted(String rpc, Session session) {
    return client -> {
      sessions.register();
      try {
        return CurrentRpc.during(rpc, () -> session.attend(client));
      } finally {
        sessions.arriveAndDeregister();
      }
    };
  }

  private String url(Offer offer) {
    return base + offer.name() + "/" + offers.add(offer);
  }

  @Override
  public void close() {
    listener.close().syncUninterruptibly();
    connections.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    int phase = sessions.arriveAndDeregister();
    try {
      sessions.awaitAdvanceInterruptibly(phase, LAST_SESSIONS.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      log.warn("{} sessions do not end", sessions.getRegisteredParties());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Connections extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      connections.add(channel);
      ChannelPipeline pipeline = channel.pipeline();
      pipeline.addLast(new SilenceLimit(settings.idle().toMillis()));
      tls.ifPresent(tls -> pipeline.addLast(tls.current().newHandler(channel.alloc())));
      pipeline.addLast(
          new HttpServerCodec(LONGEST_REQUEST_LINE, LARGEST_HEADERS, LARGEST_BODY_CHUNK));
      pipeline.addLast(new ClientRequests(offers, settings.creation(), counts));
    }
  }

  /** Closes a connection on which nothing has moved for the time, in neither direction. */
  private static final class SilenceLimit extends IdleStateHandler {
    SilenceLimit(long millis) {
      super(true, 0, 0, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    protected void channelIdle(ChannelHandlerContext context, IdleStateEvent event) {
      log.debug("{} was silent for too long", context.channel());
      var _ = context.close();
    }
  }
}
