package io.intermodal.server.streaming.flow;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sends to a client on one stream. A write returns when its bytes are on their way to the socket,
 * and waits before that while the socket is behind, so that some 64 KiB at most are held for a
 * client. Closing sends the end of this direction; what is written afterwards is dropped.
 */
public final class Outbox extends OutputStream {
  private static final int LARGEST_PIECE = 32 * 1024;

  private final ClientConnection connection;
  private final Framing framing;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** How the stream's bytes look on the wire. */
  public interface Framing {
    /** A message of the channel that carries these bytes, which it takes over. */
    Object piece(ByteBuf content);

    /** A message that ends the stream; empty if the protocol has no such. */
    Optional<Object> end();
  }

  public Outbox(ClientConnection connection, Framing framing) {
    this.connection = connection;
    this.framing = framing;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  /** {@inheritDoc} Fails when the client has gone. */
  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int sent = 0;
    while (sent < length && !closed.get()) {
      int count = Math.min(LARGEST_PIECE, length - sent);
      connection.awaitWritable();
      ByteBuf content = connection.channel().alloc().buffer(count);
      content.writeBytes(bytes, offset + sent, count);
      connection.send(framing.piece(content));
      sent += count;
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      framing.end().ifPresent(connection::send);
    }
  }

  /** Whether nothing more is sent on this stream. */
  public boolean closed() {
    return closed.get();
  }

  /**
   * Drops what is written from now on and does not say that this is the end: the other side knows.
   */
  public void abandon() {
    closed.set(true);
  }
}
