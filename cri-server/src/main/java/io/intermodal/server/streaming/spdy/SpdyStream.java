package io.intermodal.server.streaming.spdy;

import io.intermodal.server.streaming.flow.Inbox;
import io.intermodal.server.streaming.flow.Outbox;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyHeaders;
import java.util.Optional;

/** One stream that a client has opened, with what its headers say. */
public final class SpdyStream {
  private final int id;
  private final SpdyHeaders headers;
  private final Inbox input;
  private final Outbox output;
  private final SpdyConnection connection;

  SpdyStream(int id, SpdyHeaders headers, SpdyConnection connection) {
    this.id = id;
    this.headers = headers;
    this.connection = connection;
    this.input = new Inbox(connection.client());
    this.output = new Outbox(connection.client(), new DataFrames());
  }

  /** Odd, and larger than those of the streams before. */
  public int id() {
    return id;
  }

  /** A header that the client gave it; names are in lower case. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.getAsString(name));
  }

  /** What the client sends; ends with its FIN or RST. */
  public Inbox input() {
    return input;
  }

  /** What the client is sent; closing it sends FIN. */
  public Outbox output() {
    return output;
  }

  /** Refuses the stream, or gives it up, in both directions. */
  public void reset() {
    connection.reset(this);
  }

  private final class DataFrames implements Outbox.Framing {
    @Override
    public Object piece(ByteBuf content) {
      return new DefaultSpdyDataFrame(id, content);
    }

    @Override
    public Optional<Object> end() {
      connection.outputEnded(SpdyStream.this);
      return Optional.of(new DefaultSpdyDataFrame(id, Unpooled.EMPTY_BUFFER).setLast(true));
    }
  }
}
