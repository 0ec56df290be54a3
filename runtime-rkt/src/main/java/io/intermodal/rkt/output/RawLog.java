package io.intermodal.rkt.output;

import io.intermodal.rkt.command.ProgramRun;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.node.LogSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file in which rkt keeps an app's output, as a source of entries. What was read long enough
 * ago is punched out of the file, which rkt itself lets grow for ever; a hole is passed over.
 */
final class RawLog implements LogSource {
  private static final Logger log = LoggerFactory.getLogger(RawLog.class);
  private static final int BUFFER = 64 * 1024;
  private static final Duration LOOK_AGAIN = Duration.ofMillis(25);

  /** rkt's writer ends a moment after the process whose output it writes. */
  private static final Duration LAST_WORDS = Duration.ofMillis(400);

  private static final long FREE_EACH = 8L << 20;
  private static final long KEPT = 4L << 20;
  private static final Duration FREEING = Duration.ofSeconds(10);

  private final Path file;
  private final BooleanSupplier ended;

  /**
   * @param ended whether the container has ended
   */
  RawLog(Path file, BooleanSupplier ended) {
    this.file = file;
    this.ended = ended;
  }

  @Override
  public Stream open(Optional<String> since) {
    return new Lines(since.orElse(""));
  }

  private final class Lines implements Stream {
    private final String since;
    private final byte[] bytes = new byte[BUFFER];
    private int start;
    private int end;
    private long position;
    private long freed;
    private @Nullable FileChannel channel;
    private @Nullable RawLine unfinished;
    private volatile boolean closed;

    Lines(String since) {
      this.since = since;
    }

    @Override
    public boolean ready() throws IOException {
      FileChannel open = channel;
      return lineEnd() >= 0 || (open != null && open.isOpen() && open.size() > position);
    }

    @Override
    public @Nullable Entry next() throws IOException {
      long noticed = 0;
      while (true) {
        Entry entry = buffered();
        if (entry != null) {
          return entry;
        }
        if (fill()) {
          noticed = 0;
          continue;
        }
        if (!ended.getAsBoolean()) {
          noticed = 0;
        } else if (noticed == 0) {
          noticed = System.nanoTime();
        } else if (System.nanoTime() - noticed > LAST_WORDS.toNanos()) {
          return rest();
        }
        pause();
      }
    }

    /** The next entry that the buffer holds; what is older than wanted is passed over. */
    private @Nullable Entry buffered() {
      while (true) {
        int lineEnd = lineEnd();
        boolean full = end - start == bytes.length;
        if (lineEnd < 0 && !full) {
          return null;
        }
        Entry entry = entry(lineEnd < 0 ? end : lineEnd, lineEnd < 0);
        start = lineEnd < 0 ? end : lineEnd + 1;
        if (entry != null) {
          return entry;
        }
      }
    }

    /** A last line without an end, if there is one. */
    private @Nullable Entry rest() {
      if (start == end) {
        return null;
      }
      Entry entry = entry(end, false);
      start = end;
      return entry;
    }

    private @Nullable Entry entry(int to, boolean partial) {
      RawLine line = unfinished;
      int from = start;
      if (line == null) {
        while (from < to && bytes[from] == 0) {
          from++;
        }
        line = RawLine.read(bytes, from, to).orElse(null);
        if (line == null) {
          // Half a line at the edge of a hole, or none of rkt's.
          return null;
        }
        from += line.length();
      }
      unfinished = partial ? line : null;
      return line.time().compareTo(since) < 0
          ? null
          : new Entry(
              line.time(), line.channel(), ByteBuffer.wrap(bytes, from, to - from), partial);
    }

    private int lineEnd() {
      for (int i = start; i < end; i++) {
        if (bytes[i] == '\n') {
          return i;
        }
      }
      return -1;
    }

    /** Reads more; false when there is no more at the moment. */
    private boolean fill() throws IOException {
      FileChannel open = opened();
      if (open == null) {
        return false;
      }
      System.arraycopy(bytes, start, bytes, 0, end - start);
      end -= start;
      start = 0;
      if (open.size() < position) {
        position = 0;
      }
      int count = open.read(ByteBuffer.wrap(bytes, end, bytes.length - end), position);
      if (count <= 0) {
        return false;
      }
      position += count;
      end += count;
      free();
      return true;
    }

    private @Nullable FileChannel opened() throws IOException {
      if (channel == null) {
        try {
          channel = FileChannel.open(file, StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
          // rkt makes it when the app says something.
          return null;
        }
      }
      return channel;
    }

    /** Not the last part, which is read again when our own log file could not be written. */
    private void free() {
      if (position - freed < FREE_EACH + KEPT) {
        return;
      }
      freed = position - KEPT;
      try {
        var _ =
            new ProgramRun(
                    "fallocate", "--punch-hole", "--offset=0", "--length=" + freed, file.toString())
                .run(FREEING);
      } catch (CriException e) {
        log.warn("{} cannot be made smaller: {}", file, e.getMessage());
      }
    }

    private void pause() throws IOException {
      if (closed) {
        throw new IOException("closed");
      }
      try {
        Thread.sleep(LOOK_AGAIN);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }

    @Override
    public void close() throws IOException {
      closed = true;
      FileChannel open = channel;
      if (open != null) {
        open.close();
      }
    }
  }
}
