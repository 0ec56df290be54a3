package io.intermodal.rkt.output;

import io.intermodal.runtime.node.LogSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a terminal shows, as a source of entries; their time is that of their arrival here. */
final class TerminalLog implements LogSource {
  private static final DateTimeFormatter NINE_DIGITS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'", Locale.ROOT);
  private static final int MOST_WAITING = 64;
  private static final int LONGEST_LINE = 16 * 1024;

  private final TerminalHub hub;
  private final Clock clock;

  TerminalLog(TerminalHub hub, Clock clock) {
    this.hub = hub;
    this.clock = clock;
  }

  /** What was shown before is gone. */
  @Override
  public Stream open(Optional<String> since) {
    Lines lines = new Lines();
    hub.listen(lines);
    return lines;
  }

  private final class Lines implements Stream, TerminalHub.Listener {
    private final BlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private ByteBuffer piece = ByteBuffer.allocate(0);
    private final ByteBuffer line = ByteBuffer.allocate(LONGEST_LINE);
    private volatile boolean closed;

    @Override
    public void take(ByteBuffer output) throws IOException {
      byte[] copy = new byte[output.remaining()];
      output.get(copy);
      try {
        while (!waiting.offer(copy, 1, TimeUnit.SECONDS)) {
          if (closed) {
            throw new IOException("closed");
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }

    @Override
    public boolean ready() {
      return piece.hasRemaining() || !waiting.isEmpty();
    }

    @Override
    public @Nullable Entry next() throws IOException {
      line.clear();
      while (true) {
        while (piece.hasRemaining()) {
          byte b = piece.get();
          if (b == '\n') {
            return entry(false);
          }
          line.put(b);
          if (!line.hasRemaining()) {
            return entry(true);
          }
        }
        byte[] more = more();
        if (more.length == 0) {
          return line.position() == 0 ? null : entry(false);
        }
        piece = ByteBuffer.wrap(more);
      }
    }

    private Entry entry(boolean partial) {
      line.flip();
      LocalDateTime now = LocalDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
      return new Entry(NINE_DIGITS.format(now), Channel.STDOUT, line, partial);
    }

    /** The next piece; an empty one at the end. */
    private byte[] more() throws IOException {
      try {
        while (true) {
          boolean last = hub.ended().isDone();
          byte[] more = waiting.poll(last ? 0 : 100, TimeUnit.MILLISECONDS);
          if (more != null) {
            return more;
          }
          if (last) {
            return new byte[0];
          }
          if (closed) {
            throw new IOException("closed");
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }

    @Override
    public void close() {
      closed = true;
      hub.leave(this);
    }
  }
}
