package io.intermodal.server.streaming.websocket;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import java.util.Arrays;
import java.util.List;

/** The change from HTTP to WebSocket. */
public final class WebSocketHandshake {
  /** Bytes of the largest message that is taken; clients send some 32 KiB at a time. */
  private static final int LARGEST_MESSAGE = 1024 * 1024;

  private WebSocketHandshake() {}

  /** The protocols that a client offers inside of the WebSocket, the one it likes best first. */
  public static List<String> offered(HttpRequest request) {
    return request.headers().getAllAsString(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL).stream()
        .flatMap(line -> Arrays.stream(line.split(",", -1)))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .toList();
  }

  /**
   * Answers the handshake and lets the channel speak WebSocket; messages arrive whole.
   *
   * @param protocol the one that was chosen; empty for none
   * @return false when the client's version is not spoken here, which it was told then
   */
  public static boolean accept(
      ChannelHandlerContext context, FullHttpRequest request, String protocol) {
    WebSocketServerHandshaker handshaker =
        new WebSocketServerHandshakerFactory(
                request.uri(),
                protocol.isEmpty() ? null : protocol,
                WebSocketDecoderConfig.newBuilder()
                    .maxFramePayloadLength(LARGEST_MESSAGE)
                    .closeOnProtocolViolation(false)
                    .build())
            .newHandshaker(request);
    if (handshaker == null) {
      var _ =
          WebSocketServerHandshakerFactory.sendUnsupportedVersionResponse(context.channel())
              .addListener(ChannelFutureListener.CLOSE);
      return false;
    }
    var _ = handshaker.handshake(context.channel(), request);
    context.pipeline().addLast(new WebSocketFrameAggregator(LARGEST_MESSAGE));
    return true;
  }
}
