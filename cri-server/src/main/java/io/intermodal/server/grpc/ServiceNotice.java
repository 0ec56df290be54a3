package io.intermodal.server.grpc;

import io.intermodal.server.transport.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the service manager how we are, as systemd's {@code sd_notify(3)} has it. */
public final class ServiceNotice {
  private static final Logger log = LoggerFactory.getLogger(ServiceNotice.class);

  /** On a slow machine too: a service that is not known to be ready is killed. */
  private static final long PATIENCE_MILLIS = 10_000;

  private final String socket;
  private final Transport transport;

  /** Without {@code NOTIFY_SOCKET} in the environment no one is told anything. */
  public ServiceNotice(Map<String, String> environment, Transport transport) {
    this.socket = environment.getOrDefault("NOTIFY_SOCKET", "");
    this.transport = transport;
  }

  public void ready() {
    tell("READY=1");
  }

  public void stopping() {
    tell("STOPPING=1");
  }

  private void tell(String state) {
    if (socket.isEmpty()) {
      return;
    }
    if (!transport.isEpoll()) {
      log.warn("the service manager is not told {}: epoll's library does not load", state);
      return;
    }
    // "@name" stands for an abstract address, which begins with a NUL.
    String path = socket.startsWith("@") ? "\0" + socket.substring(1) : socket;
    ChannelFuture connecting =
        new Bootstrap()
            .group(transport.eventLoops())
            .channel(EpollDomainDatagramChannel.class)
            .handler(new ChannelInboundHandlerAdapter())
            .connect(new DomainSocketAddress(path));
    Channel channel = connecting.channel();
    try {
      if (!done(connecting)
          || !done(
              channel.writeAndFlush(Unpooled.copiedBuffer(state, StandardCharsets.US_ASCII)))) {
        log.warn("the service manager could not be told {} on {}", state, socket);
      }
    } finally {
      channel.close().awaitUninterruptibly(PATIENCE_MILLIS);
    }
  }

  private static boolean done(ChannelFuture future) {
    return future.awaitUninterruptibly(PATIENCE_MILLIS) && future.isSuccess();
  }
}
