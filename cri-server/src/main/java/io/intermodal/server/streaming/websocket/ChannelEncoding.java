package io.intermodal.server.streaming.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.base64.Base64;
import io.netty.handler.codec.base64.Base64Dialect;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.Optional;

/** How a message says to which channel its bytes belong. */
public enum ChannelEncoding {
  /** The number as a byte, then the bytes. */
  BINARY {
    @Override
    WebSocketFrame encode(int channel, ByteBuf content) {
      return new BinaryWebSocketFrame(
          Unpooled.wrappedBuffer(Unpooled.wrappedBuffer(new byte[] {(byte) channel}), content));
    }

    @Override
    int channel(byte first) {
      return first & 0xff;
    }

    @Override
    Optional<ByteBuf> decode(ByteBuf rest) {
      return Optional.of(rest.readRetainedSlice(rest.readableBytes()));
    }
  },

  /** The number as a digit, then the bytes in base64; for clients that can only send text. */
  BASE64 {
    @Override
    WebSocketFrame encode(int channel, ByteBuf content) {
      try {
        ByteBuf text = Base64.encode(content, false, Base64Dialect.STANDARD);
        return new TextWebSocketFrame(
            Unpooled.wrappedBuffer(
                Unpooled.wrappedBuffer(new byte[] {(byte) ('0' + channel)}), text));
      } finally {
        content.release();
      }
    }

    @Override
    int channel(byte first) {
      return first - '0';
    }

    @Override
    Optional<ByteBuf> decode(ByteBuf rest) {
      try {
        byte[] bytes = java.util.Base64.getDecoder().decode(ByteBufUtil.getBytes(rest));
        return Optional.of(Unpooled.wrappedBuffer(bytes));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }
  };

  /** A message with these bytes, which it takes over. */
  abstract WebSocketFrame encode(int channel, ByteBuf content);

  /** The channel that a message's first byte names. */
  abstract int channel(byte first);

  /** The bytes behind the first one; empty when they are not of this encoding. */
  abstract Optional<ByteBuf> decode(ByteBuf rest);
}
