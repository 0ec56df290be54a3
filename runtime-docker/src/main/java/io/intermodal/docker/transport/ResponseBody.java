package io.intermodal.docker.transport;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;

/**
 * The body of a response, by one of HTTP/1.1's three framings. A read takes what has arrived, over
 * the borders of chunks, and waits only when nothing has.
 */
abstract sealed class ResponseBody extends InputStream {
  final Connection connection;
  private final HttpExchange exchange;
  private final long limit;
  private long taken;
  private boolean ended;

  private ResponseBody(HttpExchange exchange, Connection connection, long limit) {
    this.exchange = exchange;
    this.connection = connection;
    this.limit = limit;
  }

  /**
   * @param limit the longest body taken, in bytes
   */
  static ResponseBody of(
      ResponseHead head, boolean empty, HttpExchange exchange, Connection connection, long limit)
      throws ProtocolException {
    if (empty) {
      return new Fixed(exchange, connection, limit, 0);
    }
    if (head.chunked()) {
      return new Chunked(exchange, connection, limit);
    }
    var length = head.contentLength();
    return length.isPresent()
        ? new Fixed(exchange, connection, limit, length.get())
        : new UntilClose(exchange, connection, limit);
  }

  /** Reads at least one byte, or answers -1 when the body has ended as its framing says. */
  abstract int readSome(byte[] into, int offset, int length) throws IOException;

  /** Whether the end was reached without a further read. */
  abstract boolean atEnd();

  @Override
  public final int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (ended) {
      return -1;
    }
    int count;
    try {
      count = readSome(into, offset, length);
    } catch (IOException e) {
      throw exchange.broken(e);
    }
    if (count > 0) {
      taken += count;
      if (taken > limit) {
        IOException e = new ProtocolException("the response is longer than " + limit + " bytes");
        throw exchange.broken(e);
      }
    }
    if (count < 0 || atEnd()) {
      ended = true;
      exchange.complete();
    }
    return count;
  }

  @Override
  public final int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  boolean ended() {
    return ended;
  }

  /** Same as closing the response. */
  @Override
  public final void close() {
    exchange.close();
  }

  private static EOFException cut() {
    return new EOFException("the daemon closed the connection inside a response");
  }

  private static final class Fixed extends ResponseBody {
    private long remaining;

    Fixed(HttpExchange exchange, Connection connection, long limit, long length) {
      super(exchange, connection, limit);
      this.remaining = length;
    }

    @Override
    int readSome(byte[] into, int offset, int length) throws IOException {
      if (remaining == 0) {
        return -1;
      }
      int count = connection.read(into, offset, (int) Math.min(length, remaining));
      if (count < 0) {
        throw cut();
      }
      remaining -= count;
      return count;
    }

    @Override
    boolean atEnd() {
      return remaining == 0;
    }

    @Override
    public int available() {
      return (int) Math.min(remaining, connection.buffered());
    }
  }

  private static final class Chunked extends ResponseBody {
    private long remaining;
    private boolean first = true;
    private boolean last;

    Chunked(HttpExchange exchange, Connection connection, long limit) {
      super(exchange, connection, limit);
    }

    @Override
    int readSome(byte[] into, int offset, int length) throws IOException {
      int total = 0;
      while (total < length) {
        if (remaining == 0) {
          if (total > 0 && !nextHeadBuffered()) {
            break;
          }
          nextChunk();
          if (last) {
            break;
          }
        }
        if (total > 0 && connection.buffered() == 0) {
          break;
        }
        int count =
            connection.read(into, offset + total, (int) Math.min(length - total, remaining));
        if (count < 0) {
          throw cut();
        }
        remaining -= count;
        total += count;
      }
      return total == 0 ? -1 : total;
    }

    /** A chunk's head is the line end of the one before, and the line with its size. */
    private boolean nextHeadBuffered() {
      return connection.linesBuffered(first ? 1 : 2);
    }

    private void nextChunk() throws IOException {
      if (!first && !connection.readLine().isEmpty()) {
        throw new ProtocolException("a chunk of the response does not end where it should");
      }
      first = false;
      String line = connection.readLine();
      int semicolon = line.indexOf(';');
      String size = (semicolon < 0 ? line : line.substring(0, semicolon)).strip();
      try {
        remaining = Long.parseLong(size, 16);
      } catch (NumberFormatException e) {
        remaining = -1;
      }
      if (remaining < 0) {
        throw new ProtocolException(
            "bad chunk size in the response: " + ResponseHead.printable(size));
      }
      if (remaining == 0) {
        last = true;
        int trailers = 0;
        while (!connection.readLine().isEmpty()) {
          if (++trailers > 100) {
            throw new ProtocolException("too many trailers in the response");
          }
        }
      }
    }

    @Override
    boolean atEnd() {
      return last;
    }

    @Override
    public int available() throws IOException {
      if (remaining == 0 && !last && nextHeadBuffered()) {
        // The end's trailers are left to a read, which may wait for them.
        return connection.buffered() > 16 ? 1 : 0;
      }
      return (int) Math.min(remaining, connection.buffered());
    }
  }

  private static final class UntilClose extends ResponseBody {
    UntilClose(HttpExchange exchange, Connection connection, long limit) {
      super(exchange, connection, limit);
    }

    @Override
    int readSome(byte[] into, int offset, int length) throws IOException {
      return connection.read(into, offset, length);
    }

    @Override
    boolean atEnd() {
      return false;
    }

    @Override
    public int available() {
      return connection.buffered();
    }
  }
}
