package io.intermodal.server.logs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import io.intermodal.runtime.node.LogSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An engine that keeps all output and gives it as Docker does: entries of the time asked for and
 * later, in the order in which they were stored.
 */
final class ScriptedOutput implements LogSource {
  record Stored(String time, Channel channel, ByteString content, boolean partial) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Stored> stored = new ArrayList<>();
  private final List<Open> streams = new ArrayList<>();
  private final List<Optional<String>> asked = new ArrayList<>();
  private boolean ended;
  private int tearEvery;

  ScriptedOutput out(String time, String line) {
    return add(new Stored(time, Channel.STDOUT, ByteString.copyFromUtf8(line), false));
  }

  ScriptedOutput err(String time, String line) {
    return add(new Stored(time, Channel.STDERR, ByteString.copyFromUtf8(line), false));
  }

  ScriptedOutput part(String time, String part) {
    return add(new Stored(time, Channel.STDOUT, ByteString.copyFromUtf8(part), true));
  }

  ScriptedOutput add(Stored entry) {
    return change(() -> stored.add(entry));
  }

  ScriptedOutput addAll(List<Stored> entries) {
    return change(() -> stored.addAll(entries));
  }

  /** The container ends. */
  ScriptedOutput end() {
    return change(() -> ended = true);
  }

  /** Each stream breaks after that many entries; 0 for never. */
  ScriptedOutput tearEvery(int entries) {
    return change(() -> tearEvery = entries);
  }

  /** What the engine was asked for, each time. */
  List<Optional<String>> asked() {
    lock.lock();
    try {
      return List.copyOf(asked);
    } finally {
      lock.unlock();
    }
  }

  boolean isRead() {
    lock.lock();
    try {
      return streams.stream().anyMatch(stream -> !stream.closed);
    } finally {
      lock.unlock();
    }
  }

  /** The log as it should be. */
  byte[] expected() {
    lock.lock();
    try {
      ByteArrayOutputStream log = new ByteArrayOutputStream();
      for (Stored entry : stored) {
        int at = 0;
        do {
          int length = Math.min(16384, entry.content().size() - at);
          boolean more = at + length < entry.content().size();
          String tag = entry.partial() || more ? "P" : "F";
          String name = entry.channel() == Channel.STDOUT ? "stdout" : "stderr";
          log.writeBytes((entry.time() + " " + name + " " + tag + " ").getBytes(UTF_8));
          log.writeBytes(entry.content().substring(at, at + length).toByteArray());
          log.write('\n');
          at += length;
        } while (at < entry.content().size());
      }
      return log.toByteArray();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Stream open(Optional<String> since) {
    lock.lock();
    try {
      asked.add(since);
      Open stream = new Open(since.orElse(""));
      streams.add(stream);
      return stream;
    } finally {
      lock.unlock();
    }
  }

  private ScriptedOutput change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
      return this;
    } finally {
      lock.unlock();
    }
  }

  private final class Open implements Stream {
    private final String since;
    private int next;
    private int given;
    private boolean closed;
    private byte[] lent = new byte[0];

    Open(String since) {
      this.since = since;
    }

    @Override
    public @Nullable Entry next() throws IOException {
      lock.lock();
      try {
        // The promise is only "valid until the next call".
        Arrays.fill(lent, (byte) '#');
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!closed && !findNext() && !ended) {
          if (changed.awaitNanos(deadline - System.nanoTime()) <= 0) {
            throw new IOException("the script never went on");
          }
        }
        if (closed) {
          throw new IOException("closed");
        }
        if (tearEvery > 0 && given == tearEvery) {
          throw new IOException("torn");
        }
        if (!findNext()) {
          return null;
        }
        given++;
        Stored entry = stored.get(next++);
        lent = new byte[entry.content().size() + 2];
        entry.content().copyTo(lent, 1);
        ByteBuffer content = ByteBuffer.wrap(lent, 1, entry.content().size());
        return new Entry(entry.time(), entry.channel(), content, entry.partial());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public boolean ready() {
      lock.lock();
      try {
        return findNext() || ended;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      change(() -> closed = true);
    }

    private boolean findNext() {
      while (next < stored.size() && stored.get(next).time().compareTo(since) < 0) {
        next++;
      }
      return next < stored.size();
    }
  }
}
