package io.intermodal.docker.transport;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One open socket with what was read ahead from it.
 *
 * <p>Read by one thread, written by one thread, closed by any. The first reason to close it stays,
 * and is what its reader and writer are told.
 */
final class Connection implements Closeable {
  /** Longest status line and headers taken. */
  static final int MAX_HEAD = 64 * 1024;

  private static final int FIRST_BUFFER = 4 * 1024;
  private static final int MAX_BUFFER = 32 * 1024;
  private static final int LINE_LIMIT = 4 * 1024;

  private final SocketChannel channel;
  private final AtomicReference<@Nullable IOException> closedBy = new AtomicReference<>();
  private byte[] buffer = new byte[FIRST_BUFFER];
  private int start;
  private int end;

  /** When the last byte went either way, as {@link System#nanoTime}. */
  private volatile long lastActivity = System.nanoTime();

  private Connection(SocketChannel channel) {
    this.channel = channel;
  }

  /** A connection that is not connected yet, so that it can be closed while it tries. */
  static Connection create() throws IOException {
    return new Connection(SocketChannel.open(StandardProtocolFamily.UNIX));
  }

  /**
   * @throws ConnectException when there is no socket, or nobody accepts on it
   */
  void connect(Path socket) throws IOException {
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      IOException why = closedBy.get();
      if (why != null) {
        throw why;
      }
      ConnectException refused = new ConnectException("unix://" + socket + ": " + e.getMessage());
      refused.initCause(e);
      throw refused;
    }
  }

  long lastActivity() {
    return lastActivity;
  }

  /** Bytes that can be read without asking the socket. */
  int buffered() {
    return end - start;
  }

  /** Whether an idle connection was closed by the other side, or says something unasked. */
  boolean stale() {
    if (buffered() > 0) {
      return true;
    }
    try {
      channel.configureBlocking(false);
      try {
        return channel.read(ByteBuffer.wrap(buffer)) != 0;
      } finally {
        channel.configureBlocking(true);
      }
    } catch (IOException e) {
      return true;
    }
  }

  /**
   * Writes everything that remains in the buffers.
   *
   * @throws IOException with the buffers where the writing ended
   */
  void write(ByteBuffer... buffers) throws IOException {
    ByteBuffer last = buffers[buffers.length - 1];
    try {
      while (last.hasRemaining() || buffers[0].hasRemaining()) {
        channel.write(buffers);
        lastActivity = System.nanoTime();
      }
    } catch (IOException e) {
      throw reason(e);
    }
  }

  /** Ends our direction only; the other side still talks. */
  void halfClose() throws IOException {
    try {
      channel.shutdownOutput();
    } catch (IOException e) {
      throw reason(e);
    }
  }

  /**
   * Reads some bytes, without waiting when some were read ahead.
   *
   * @return how many, -1 at the end
   */
  int read(byte[] into, int offset, int length) throws IOException {
    if (buffered() == 0) {
      if (length >= buffer.length) {
        return fromSocket(ByteBuffer.wrap(into, offset, length));
      }
      if (fill() < 0) {
        return -1;
      }
    }
    int count = Math.min(length, buffered());
    System.arraycopy(buffer, start, into, offset, count);
    start += count;
    return count;
  }

  /** Whether this many whole lines were read ahead. */
  boolean linesBuffered(int lines) {
    int found = 0;
    for (int i = start; i < end && found < lines; i++) {
      if (buffer[i] == '\n') {
        found++;
      }
    }
    return found == lines;
  }

  /** Reads a short line, without its end. */
  String readLine() throws IOException {
    int scanned = 0;
    while (true) {
      for (int i = start + scanned; i < end; i++) {
        if (buffer[i] == '\n') {
          int stop = i > start && buffer[i - 1] == '\r' ? i - 1 : i;
          String line = new String(buffer, start, stop - start, StandardCharsets.ISO_8859_1);
          start = i + 1;
          return line;
        }
      }
      scanned = buffered();
      if (scanned > LINE_LIMIT) {
        throw new ProtocolException("a line of the response is longer than " + LINE_LIMIT);
      }
      if (fill() < 0) {
        throw new EOFException("the connection ended inside a line of the response");
      }
    }
  }

  /**
   * Reads status line and headers.
   *
   * @throws EOFException when the connection ended before the first byte or in between
   */
  ResponseHead readHead() throws IOException {
    int scanned = 0;
    while (true) {
      int length = headLength(scanned);
      if (length >= 0) {
        byte[] head = Arrays.copyOfRange(buffer, start, start + length);
        start += length;
        return ResponseHead.parse(head, length);
      }
      scanned = Math.max(0, buffered() - 3);
      if (buffered() >= MAX_HEAD) {
        throw new ProtocolException("the response's headers are longer than " + MAX_HEAD);
      }
      if (fill() < 0) {
        throw new EOFException(
            buffered() == 0
                ? "the daemon closed the connection without an answer"
                : "the connection ended inside the response's headers");
      }
    }
  }

  private int headLength(int from) {
    for (int i = start + from; i < end; i++) {
      if (buffer[i] == '\n' && i > start) {
        boolean empty =
            buffer[i - 1] == '\n'
                || (buffer[i - 1] == '\r' && i - 2 >= start && buffer[i - 2] == '\n');
        if (empty) {
          return i + 1 - start;
        }
      }
    }
    return -1;
  }

  /** Waits for more bytes behind those read ahead. */
  private int fill() throws IOException {
    if (start == end) {
      start = 0;
      end = 0;
    }
    if (end == buffer.length) {
      if (start > 0) {
        System.arraycopy(buffer, start, buffer, 0, end - start);
        end -= start;
        start = 0;
      } else {
        buffer = Arrays.copyOf(buffer, buffer.length * 2);
      }
    }
    int count = fromSocket(ByteBuffer.wrap(buffer, end, buffer.length - end));
    if (count > 0) {
      end += count;
      // A full read says that the other side is ahead of us: fewer, larger reads from now on.
      if (end == buffer.length && buffer.length < MAX_BUFFER) {
        buffer = Arrays.copyOf(buffer, buffer.length * 2);
      }
    }
    return count;
  }

  private int fromSocket(ByteBuffer into) throws IOException {
    try {
      int count = channel.read(into);
      lastActivity = System.nanoTime();
      if (count < 0) {
        IOException why = closedBy.get();
        if (why != null) {
          throw why;
        }
      }
      return count;
    } catch (IOException e) {
      throw reason(e);
    }
  }

  private IOException reason(IOException e) {
    IOException why = closedBy.get();
    if (why == null || why.equals(e)) {
      return e;
    }
    if (why.getCause() == null) {
      why.initCause(e);
    }
    return why;
  }

  /** Closes the socket and wakes its reader and writer, who are told why. */
  void close(IOException why) {
    closedBy.compareAndSet(null, why);
    try {
      channel.close();
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  @Override
  public void close() {
    close(new RequestCancelledException("the connection was closed by its reader"));
  }

  boolean open() {
    return channel.isOpen();
  }
}
