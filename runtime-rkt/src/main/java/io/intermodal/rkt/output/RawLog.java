package io.intermodal.rkt.output;

import io.intermodal.rkt.command.ProgramRun;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.node.LogSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file in which a container's output is recorded, as a source of entries. What was read long
 * enough ago is punched out of the file, which would grow for ever; the hole at its beginning is
 * passed over.
 */
final class RawLog implements LogSource {
  private static final Logger log = LoggerFactory.getLogger(RawLog.class);
  private static final byte[] END = "end".getBytes(StandardCharsets.US_ASCII);

  /** Several records of the greatest length. */
  private static final int BUFFER = 128 * 1024;

  private static final int BLOCK = 4096;
  private static final Duration SOON = Duration.ofMillis(10);
  private static final Duration LATER = Duration.ofMillis(100);

  /** The carrier ends a moment after the container; unless it was killed it says so. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private static final long FREE_EACH = 8L << 20;
  private static final long KEPT = 4L << 20;
  private static final Duration FREEING = Duration.ofSeconds(10);

  private final Path file;
  private final Supplier<Writer> writer;

  /** Who writes. */
  enum Writer {
    /** The container runs. */
    WRITES,
    /** It has ended, and its last words may be on their way. */
    ENDS,
    /** The whole pod is gone. */
    GONE
  }

  RawLog(Path file, Supplier<Writer> writer) {
    this.file = file;
    this.writer = writer;
  }

  @Override
  public Stream open(Optional<String> since) {
    return new Records(since.orElse(""));
  }

  private final class Records implements Stream {
    private final String since;
    private final byte[] bytes = new byte[BUFFER];
    private int start;
    private int end;
    private long position;
    private long freed;
    private @Nullable FileChannel channel;
    private boolean over;
    private volatile boolean closed;

    Records(String since) {
      this.since = since;
    }

    @Override
    public boolean ready() throws IOException {
      FileChannel open = channel;
      return lineEnd() >= 0 || (open != null && open.isOpen() && open.size() > position);
    }

    @Override
    public @Nullable Entry next() throws IOException {
      Duration pause = SOON;
      long silentSince = 0;
      while (true) {
        Entry entry = buffered();
        if (entry != null || over) {
          return entry;
        }
        if (fill()) {
          silentSince = 0;
          continue;
        }
        Writer now = writer.get();
        if (now == Writer.WRITES) {
          silentSince = 0;
        } else if (silentSince == 0) {
          // Once more: it may have written since the last look.
          silentSince = System.nanoTime();
          continue;
        } else if (now == Writer.GONE || System.nanoTime() - silentSince > LAST_WORDS.toNanos()) {
          return null;
        }
        pause(pause);
        pause = pause.compareTo(LATER) < 0 ? pause.multipliedBy(2) : LATER;
      }
    }

    /** The next entry that the buffer holds; what is older than wanted is passed over. */
    private @Nullable Entry buffered() throws IOException {
      for (int lineEnd = lineEnd(); lineEnd >= 0 && !over; lineEnd = lineEnd()) {
        int from = start;
        start = lineEnd + 1;
        if (Arrays.equals(bytes, from, lineEnd, END, 0, END.length)) {
          over = true;
          return null;
        }
        // Else half a record at the edge of the hole.
        Optional<RawLine> read = RawLine.read(bytes, from, lineEnd);
        if (read.isPresent() && read.get().time().compareTo(since) >= 0) {
          RawLine line = read.get();
          int text = from + line.length();
          return new Entry(
              line.time(),
              line.channel(),
              ByteBuffer.wrap(bytes, text, lineEnd - text),
              line.partial());
        }
      }
      if (end - start == bytes.length) {
        log.warn("{} has a record that is too long: it is damaged", file);
        start = end;
      }
      return null;
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
          position = endOfHole(channel);
          freed = position;
        } catch (NoSuchFileException e) {
          // The carrier makes it before the container starts.
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
      freed = (position - KEPT) / BLOCK * BLOCK;
      try {
        var _ =
            new ProgramRun(
                    "fallocate", "--punch-hole", "--offset=0", "--length=" + freed, file.toString())
                .run(FREEING);
      } catch (CriException e) {
        log.warn("{} cannot be made smaller: {}", file, e.getMessage());
      }
    }

    private void pause(Duration time) throws IOException {
      if (closed) {
        throw new IOException("closed");
      }
      try {
        Thread.sleep(time);
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

  /** Records have no byte 0 at their beginning, and there is one hole at most, at the beginning. */
  private static long endOfHole(FileChannel open) throws IOException {
    long hole = 0;
    long text = (open.size() + BLOCK - 1) / BLOCK;
    while (hole < text) {
      long middle = (hole + text) / 2;
      if (isHole(open, middle)) {
        hole = middle + 1;
      } else {
        text = middle;
      }
    }
    return hole * BLOCK;
  }

  private static boolean isHole(FileChannel open, long block) throws IOException {
    byte[] content = new byte[BLOCK];
    int count = open.read(ByteBuffer.wrap(content), block * BLOCK);
    for (int i = 0; i < count; i++) {
      if (content[i] != 0) {
        return false;
      }
    }
    return count == BLOCK;
  }
}
