package io.intermodal.docker.output;

import io.intermodal.docker.output.ContainerOutput.End;
import io.intermodal.docker.output.LocalLogFiles.LogFile;
import io.intermodal.docker.output.OutputWatch.Seen;
import io.intermodal.docker.output.OutputWatch.Waiter;
import io.intermodal.runtime.node.LogSource;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a log through its rotated files and follows the newest to the container's end.
 *
 * <p>A file is left for its successor only when it was read to its end after the successor was
 * seen. Files are held open, so what Docker deletes meanwhile is still read.
 */
final class LocalLogStream implements LogSource.Stream {
  private static final Logger log = LoggerFactory.getLogger(LocalLogStream.class);
  private static final int SMALL_BUFFER = 4 * 1024;
  private static final int LARGE_BUFFER = 128 * 1024;
  private static final int FRAME = 8;

  /** Two outputs of one process may be written a little out of the order of their times. */
  private static final long DISORDER_NANOS = 10_000_000_000L;

  private final LocalLogFiles files;

  // Guards the change of files against a close from another thread.
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<LogFile> open;
  private final long sinceNanos;
  private final Waiter waiter;
  private final End end;
  private final LocalLogEntry entry = new LocalLogEntry();
  private final EntryTime times = new EntryTime();
  private byte[] buffer = new byte[0];
  private int from;
  private int to;
  private long broken;
  private volatile boolean closed;

  private LocalLogStream(
      LocalLogFiles files, List<LogFile> open, long sinceNanos, Waiter waiter, End end) {
    this.files = files;
    this.open = new ArrayDeque<>(open);
    this.sinceNanos = sinceNanos;
    this.waiter = waiter;
    this.end = end;
    end.tell(waiter);
  }

  /**
   * Opens the log at the first entry of this time or later; empty when there is no such log.
   *
   * @param newest the file that Docker writes to
   */
  static Optional<LocalLogStream> open(
      Path newest, Optional<String> since, OutputWatch watch, End end) throws IOException {
    LocalLogFiles files = new LocalLogFiles(newest);
    List<LogFile> all = files.openAll();
    if (all.isEmpty()) {
      return Optional.empty();
    }
    LocalLogStream stream =
        new LocalLogStream(
            files,
            all,
            since.map(EntryTime::nanos).orElse(Long.MIN_VALUE),
            watch.waiter(newest),
            end);
    try {
      stream.skipOlderFiles();
      return Optional.of(stream);
    } catch (IOException e) {
      stream.close();
      throw e;
    }
  }

  /** A file whose successor begins well before the wanted time has nothing that is wanted. */
  private void skipOlderFiles() throws IOException {
    while (open.size() > 1) {
      LogFile current = open.removeFirst();
      long begins = firstTime(open.getFirst());
      if (begins > sinceNanos - DISORDER_NANOS || sinceNanos == Long.MIN_VALUE) {
        open.addFirst(current);
        return;
      }
      current.close();
    }
  }

  /** The time of a file's first entry, the latest possible when it cannot be told. */
  private long firstTime(LogFile file) throws IOException {
    ByteBuffer start = ByteBuffer.allocate(64 * 1024);
    int count = file.channel().read(start, 0);
    if (count < FRAME) {
      return Long.MAX_VALUE;
    }
    int length = LocalLogEntry.length(start.array(), 0);
    if (length < LocalLogEntry.SHORTEST || length + FRAME > count) {
      return Long.MAX_VALUE;
    }
    try {
      entry.read(start.array(), 4, length);
      return entry.timeNanos;
    } catch (ProtocolException e) {
      return Long.MAX_VALUE;
    }
  }

  @Override
  public LogSource.@Nullable Entry next() throws IOException {
    while (true) {
      // Asked before the last look at the files: what was written before the end is then seen.
      boolean over = end.reached();
      while (decode()) {
        if (entry.timeNanos >= sinceNanos) {
          return new LogSource.Entry(
              times.text(entry.timeNanos),
              entry.channel,
              ByteBuffer.wrap(buffer, entry.lineOffset, entry.lineLength).slice(),
              entry.partial);
        }
      }
      if (!fill() && !turnPage()) {
        if (over || removed()) {
          leaveRest("its end");
          return null;
        }
        awaitMore();
      }
    }
  }

  /** Decodes the next entry of the buffer; false when it has not a whole one. */
  private boolean decode() {
    while (to - from >= FRAME + LocalLogEntry.SHORTEST) {
      int length = LocalLogEntry.length(buffer, from);
      if (length >= LocalLogEntry.SHORTEST
          && length <= LocalLogEntry.LONGEST
          && LocalLogEntry.begins(buffer, from + 4)) {
        if (to - from < length + FRAME) {
          return false;
        }
        if (LocalLogEntry.length(buffer, from + 4 + length) == length && decoded(length)) {
          return true;
        }
      }
      // Docker died in the middle of writing: the next entry begins somewhere behind.
      if (broken++ == 0) {
        log.warn("{} has a broken entry; going on behind it", files.newest());
      }
      from++;
    }
    return false;
  }

  private boolean decoded(int length) {
    try {
      entry.read(buffer, from + 4, length);
      from += length + FRAME;
      return true;
    } catch (ProtocolException e) {
      return false;
    }
  }

  /** Reads more of the current file; false at its end. */
  private boolean fill() throws IOException {
    if (closed) {
      throw new AsynchronousCloseException();
    }
    makeRoom();
    int count = open.getFirst().channel().read(ByteBuffer.wrap(buffer, to, buffer.length - to));
    if (count <= 0) {
      return false;
    }
    to += count;
    waiter.busy();
    return true;
  }

  private void makeRoom() {
    int rest = to - from;
    if (from > 0) {
      System.arraycopy(buffer, from, buffer, 0, rest);
      from = 0;
      to = rest;
    }
    if (buffer.length == 0) {
      buffer = new byte[SMALL_BUFFER];
    } else if (rest == buffer.length || (buffer.length < LARGE_BUFFER && rest > 0)) {
      // It did not take a whole entry, or it was full and more was waiting.
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    }
  }

  /** Goes on to the next file when the current one is complete and read. */
  private boolean turnPage() throws IOException {
    if (open.size() == 1) {
      Optional<LogFile> successor = files.successor(open.getFirst());
      if (successor.isEmpty()) {
        return false;
      }
      keep(successor.get());
      // What was written between our last read and the rotation is read first.
      return true;
    }
    leaveRest("a rotation");
    lock.lock();
    try {
      open.removeFirst().close();
    } finally {
      lock.unlock();
    }
    return true;
  }

  private void keep(LogFile successor) throws IOException {
    lock.lock();
    try {
      if (closed) {
        successor.close();
        throw new AsynchronousCloseException();
      }
      open.addLast(successor);
    } finally {
      lock.unlock();
    }
  }

  private void leaveRest(String where) {
    if (to > from) {
      log.warn(
          "{}: {} bytes of a broken entry before {} are left out",
          files.newest(),
          to - from,
          where);
      from = to;
    }
  }

  /** Docker deletes a removed container's folder; what is open was read to its end by then. */
  private boolean removed() {
    return Files.notExists(files.newest().resolveSibling(""));
  }

  private void awaitMore() throws IOException {
    LogFile current = open.getFirst();
    Seen read = new Seen(current.key(), current.channel().position());
    if (to == from) {
      // An idle container costs no buffer.
      buffer = new byte[0];
      from = 0;
      to = 0;
    }
    waiter.await(read);
  }

  @Override
  public boolean ready() throws IOException {
    if (to - from >= FRAME && to - from >= LocalLogEntry.length(buffer, from) + FRAME) {
      return true;
    }
    LogFile current = open.getFirst();
    return open.size() > 1 || current.channel().position() < current.channel().size();
  }

  /** Wakes a reader that waits. */
  @Override
  public void close() throws IOException {
    end.leave(waiter);
    lock.lock();
    try {
      closed = true;
      for (LogFile file : open) {
        file.close();
      }
    } finally {
      lock.unlock();
    }
    waiter.wake();
  }
}
