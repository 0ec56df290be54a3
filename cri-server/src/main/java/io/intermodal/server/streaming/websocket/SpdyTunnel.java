package io.intermodal.server.streaming.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.MessageToMessageCodec;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.List;

/**
 * Between a WebSocket and the handlers of another protocol: their bytes are carried in binary
 * messages, whose borders mean nothing.
 */
public final class SpdyTunnel extends MessageToMessageCodec<WebSocketFrame, ByteBuf> {
  public SpdyTunnel() {
    super(WebSocketFrame.class, ByteBuf.class);
  }

  @Override
  protected void encode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out) {
    out.add(new BinaryWebSocketFrame(bytes.retain()));
  }

  @Override
  protected void decode(ChannelHandlerContext context, WebSocketFrame frame, List<Object> out) {
    switch (frame) {
      case PingWebSocketFrame ping -> {
        var _ = context.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
      }
      case CloseWebSocketFrame close -> {
        var _ = context.writeAndFlush(close.retain()).addListener(ChannelFutureListener.CLOSE);
      }
      default -> out.add(frame.content().retain());
    }
  }
}
