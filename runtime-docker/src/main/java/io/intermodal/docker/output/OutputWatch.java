package io.intermodal.docker.output;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Wakes the readers of files that have grown or were rotated.
 *
 * <p>One look at every waited-for file, five times a second, costs less than a notification for
 * every line of a chatty container, and has no limit of watches to run into. A reader that has just
 * read something looks itself for a while, so a busy file is not five looks a second behind.
 */
final class OutputWatch implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration BUSY_LOOK = Duration.ofMillis(10);
  private static final int BUSY_LOOKS = 10;

  private final Set<Waiter> waiting = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);

  OutputWatch() {
    Thread.ofVirtual().name("docker-output-watch").start(this::watch);
  }

  private void watch() {
    try {
      while (!closed.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
        for (Waiter waiter : waiting) {
          waiter.look();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    waiting.forEach(Waiter::wake);
  }

  /** What a path leads to. */
  record Seen(@Nullable Object key, long size) {
    static final Seen NOTHING = new Seen(null, 0);

    static Seen at(Path file) {
      try {
        BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
        return new Seen(found.fileKey(), found.size());
      } catch (IOException e) {
        return NOTHING;
      }
    }

    boolean isFile(@Nullable Object other) {
      return Objects.equals(key, other);
    }
  }

  Waiter waiter(Path file) {
    return new Waiter(file);
  }

  @Override
  public void close() {
    closed.countDown();
  }

  /** The wait of one reader. */
  final class Waiter {
    private final Path file;
    private final Semaphore bell = new Semaphore(0);
    private volatile Seen known = Seen.NOTHING;
    private int busyLooks = BUSY_LOOKS;

    private Waiter(Path file) {
      this.file = file;
    }

    /** Says that the reader has read something: more may follow soon. */
    void busy() {
      busyLooks = 0;
    }

    /**
     * Waits until the file is not what the reader knows any more, or until it is woken.
     *
     * @throws IOException when the watching has ended
     */
    void await(Seen read) throws IOException {
      try {
        if (busyLooks < BUSY_LOOKS) {
          busyLooks++;
          if (bell.tryAcquire(BUSY_LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
            bell.drainPermits();
          }
        } else {
          known = read;
          waiting.add(this);
          // The watch looks at all that wait, so this wait is as bounded as the watch is alive.
          if (closed.getCount() > 0) {
            bell.acquire();
          }
          waiting.remove(this);
          bell.drainPermits();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        InterruptedIOException interrupted =
            new InterruptedIOException("interrupted while waiting for output");
        interrupted.initCause(e);
        throw interrupted;
      }
      if (closed.getCount() == 0) {
        throw new IOException("the connection to Docker was closed");
      }
    }

    void wake() {
      bell.release();
    }

    private void look() {
      if (bell.availablePermits() == 0 && !Seen.at(file).equals(known)) {
        wake();
      }
    }
  }
}
