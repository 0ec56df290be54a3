package io.intermodal.server.streaming.websocket;

import io.intermodal.server.streaming.flow.ClientConnection;
import io.intermodal.server.streaming.flow.Inbox;
import io.intermodal.server.streaming.flow.Outbox;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.util.ReferenceCountUtil;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's side of a WebSocket whose messages belong to numbered channels. What comes for a
 * channel that there is not is dropped, as Kubernetes' own servers do.
 */
public final class WebSocketChannels extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(WebSocketChannels.class);

  /** In version 5 a message for this channel closes the one that its next byte names. */
  private static final int CLOSE = 255;

  private final ClientConnection client;
  private final ChannelEncoding encoding;
  private final boolean canClose;
  private final Map<Integer, Inbox> inputs;

  /**
   * @param channels how many channels there are, numbered from 0
   * @param canClose whether the client can close a channel
   */
  public WebSocketChannels(
      ClientConnection client, int channels, ChannelEncoding encoding, boolean canClose) {
    this.client = client;
    this.encoding = encoding;
    this.canClose = canClose;
    client.pingWith(PingWebSocketFrame::new);
    this.inputs =
        IntStream.range(0, channels)
            .boxed()
            .collect(Collectors.toUnmodifiableMap(channel -> channel, _ -> new Inbox(client)));
  }

  /** What the client sends on a channel. */
  public Inbox input(int channel) {
    Inbox input = inputs.get(channel);
    if (input == null) {
      throw new IllegalArgumentException("there is no channel " + channel);
    }
    return input;
  }

  /** What the client is sent on a channel; closing it is not seen by the client. */
  public Outbox output(int channel) {
    return new Outbox(
        client,
        new Outbox.Framing() {
          @Override
          public Object piece(ByteBuf content) {
            return encoding.encode(channel, content);
          }

          @Override
          public Optional<Object> end() {
            return Optional.empty();
          }
        });
  }

  /** Sends the first message on a channel, by which clients know that all is set up. */
  public void greet(int channel, byte... content) {
    client.send(encoding.encode(channel, Unpooled.wrappedBuffer(content)));
  }

  /** Says goodbye, and ends the connection when all is sent. */
  public void finish() {
    say(WebSocketCloseStatus.NORMAL_CLOSURE);
  }

  private void say(WebSocketCloseStatus why) {
    client.send(new CloseWebSocketFrame(why));
    client.finish();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      switch (message) {
        case BinaryWebSocketFrame frame -> deliver(frame.content());
        case TextWebSocketFrame frame -> deliver(frame.content());
        case PingWebSocketFrame ping ->
            client.send(new PongWebSocketFrame(ping.content().retain()));
        case CloseWebSocketFrame _ -> {
          // It hangs up: whoever still serves it is told by the end of the connection.
          client.send(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE));
          client.hangUp();
        }
        default -> log.trace("nothing to do about {}", message);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void deliver(ByteBuf message) {
    if (!message.isReadable()) {
      return;
    }
    byte first = message.readByte();
    if (canClose && (first & 0xff) == CLOSE) {
      if (message.isReadable()) {
        Inbox closed = inputs.get(message.readUnsignedByte() & 0xff);
        if (closed != null) {
          closed.end();
        }
      }
      return;
    }
    Inbox input = inputs.get(encoding.channel(first));
    if (input == null) {
      log.debug("{} sends to a channel that there is not, {}", client.channel(), first);
      return;
    }
    encoding
        .decode(message)
        .ifPresentOrElse(
            input::add, () -> log.debug("{} sends what is not base64", client.channel()));
  }

  /** A client that breaks the protocol is told how, and may take a moment to read it. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    log.debug("{} is closed: {}", context.channel(), cause.toString());
    switch (cause) {
      case CorruptedWebSocketFrameException broken -> say(broken.closeStatus());
      case TooLongFrameException _ -> say(WebSocketCloseStatus.MESSAGE_TOO_BIG);
      default -> client.hangUp();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    client.writabilityChanged();
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    client.closed();
    inputs.values().forEach(Inbox::abort);
    context.fireChannelInactive();
  }
}
