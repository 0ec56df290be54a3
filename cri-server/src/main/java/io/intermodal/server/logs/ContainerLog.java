package io.intermodal.server.logs;

import io.intermodal.runtime.CriException;
import io.intermodal.runtime.node.LogSource;
import io.intermodal.runtime.node.LogSource.Entry;
import io.intermodal.server.logs.Written.Skips;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One container's log: a virtual thread that carries entries from the engine to the file until the
 * container's end.
 *
 * <p>Records are written out when the engine has no more to give at the moment, or 64 KiB are
 * filled. When the file cannot be written (a full disk) nothing more is read, as the engine keeps
 * it. When the engine's stream breaks, it is opened anew from the last record on. Both are tried
 * for ever, {@link #FIRST_WAIT} to {@link #LONGEST_WAIT} apart, and warned about once.
 */
final class ContainerLog {
  private static final Logger LOG = LoggerFactory.getLogger(ContainerLog.class);
  private static final Duration FIRST_WAIT = Duration.ofMillis(100);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
  private static final Duration REOPEN_WITHIN = Duration.ofSeconds(60);

  private final String containerId;
  private final Path path;
  private final LogFile file;
  private final LogSource source;
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private final CountDownLatch triedToOpen = new CountDownLatch(1);
  private final LogTrouble trouble;
  private final LogCounts counts;
  private final Thread thread;
  private volatile boolean stopping;
  private volatile LogSource.@Nullable Stream stream;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // All below are used under the lock.
  private final RecordBuffer buffer = new RecordBuffer();
  private @Nullable Skips skips;

  /** Whether records were taken from the engine and not written: they have to be fetched again. */
  private boolean dropped;

  private boolean ended;
  private boolean progressed;

  ContainerLog(String containerId, Path path, LogFile file, LogSource source, LogCounts counts) {
    this.counts = counts;
    this.containerId = containerId;
    this.path = path;
    this.file = file;
    this.source = source;
    this.trouble = new LogTrouble(containerId, path, counts);
    this.thread = Thread.ofVirtual().name("log-" + containerId).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Waits until the file is there, or could not be made at the first try. */
  void awaitFile(Duration time) {
    try {
      if (!triedToOpen.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("The log file {} of {} is not open yet: is its disk stuck?", path, containerId);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  CompletionStage<Void> drained() {
    return drained.minimalCompletionStage();
  }

  /** Lets further lines go to the path. */
  void reopen() {
    boolean locked;
    try {
      locked = lock.tryLock(REOPEN_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CriException(
          CriException.Code.CANCELLED, "reopening the log of " + containerId + " was given up", e);
    }
    if (!locked) {
      throw new CriException(
          CriException.Code.DEADLINE_EXCEEDED,
          "the log file "
              + path
              + " of container "
              + containerId
              + " is busy for "
              + REOPEN_WITHIN.toSeconds()
              + " s: is its disk stuck?");
    }
    try {
      if (stopping) {
        throw new CriException(
            CriException.Code.UNAVAILABLE,
            "the log of container " + containerId + " is not written any more; try again");
      }
      try {
        buffer.writeTo(file);
      } catch (IOException e) {
        // The old file is full or gone. The engine has it all, and the new one may have room.
        buffer.clear();
        dropped = true;
        changed.signalAll();
      }
      file.reopen();
      if (ended) {
        file.close();
      }
    } catch (IOException e) {
      throw new CriException(
          LogTrouble.isFull(e) ? CriException.Code.RESOURCE_EXHAUSTED : CriException.Code.UNKNOWN,
          "the log file " + path + " of container " + containerId + " cannot be reopened: " + e,
          e);
    } finally {
      lock.unlock();
    }
  }

  /** Asks the thread to write out what it holds and to end; {@link #await} waits for that. */
  void stop() {
    stopping = true;
    LogSource.Stream open = stream;
    if (open != null) {
      closeQuietly(open);
    }
    try {
      // The thread may be about to wait, after it looked whether it should stop.
      if (lock.tryLock(1, TimeUnit.SECONDS)) {
        try {
          changed.signalAll();
        } finally {
          lock.unlock();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Interrupts whatever the thread waits for; the end of the file may be torn by that. */
  void interrupt() {
    thread.interrupt();
  }

  /** Whether there may be more to write. */
  boolean isWriting() {
    return thread.isAlive();
  }

  /** Whether the thread ended within the time. */
  boolean await(Duration time) throws InterruptedException {
    return thread.join(time);
  }

  private void run() {
    Duration wait = FIRST_WAIT;
    try {
      while (!stopping) {
        long began = System.nanoTime();
        progressed = false;
        try {
          followOnce();
        } catch (IOException | RuntimeException e) {
          if (!stopping && !ended) {
            trouble.report(e);
          }
        }
        if (ended) {
          return;
        }
        boolean well = progressed || System.nanoTime() - began > LONGEST_WAIT.toNanos();
        wait = well ? FIRST_WAIT : wait;
        pause(wait);
        wait = longer(wait);
      }
    } catch (InterruptedException e) {
      LOG.debug("Following {} was interrupted", containerId);
    } finally {
      finish();
    }
  }

  private void followOnce() throws IOException {
    LogFile.Resumption resumption;
    lock.lock();
    try {
      keepWhatIsHeld();
      dropped = false;
      resumption = file.resume();
      skips = resumption.skips();
    } finally {
      lock.unlock();
      triedToOpen.countDown();
    }
    try (LogSource.Stream opened = source.open(resumption.since())) {
      stream = opened;
      carry(opened);
    } finally {
      stream = null;
    }
  }

  /**
   * Writes out what was read of a stream before it broke, so that streams that always break soon
   * make some way. What cannot be written is fetched again.
   */
  private void keepWhatIsHeld() {
    try {
      if (file.isOpen()) {
        buffer.writeTo(file);
      }
    } catch (IOException e) {
      LOG.debug("The last lines of {} are fetched again: {}", path, e.toString());
    } finally {
      buffer.clear();
    }
  }

  private void carry(LogSource.Stream from) throws IOException {
    while (!stopping) {
      if (!from.ready()) {
        writeOutBeforeWaiting();
      }
      Entry entry = from.next();
      if (stopping) {
        return;
      }
      lock.lock();
      try {
        fetchAgainIfDropped();
        if (entry == null) {
          writeOut();
          file.close();
          ended = true;
          return;
        }
        add(entry);
      } finally {
        lock.unlock();
      }
    }
  }

  private void add(Entry entry) throws IOException {
    ByteBuffer content = entry.content();
    int at = content.position();
    int left = content.remaining();
    do {
      int length = Math.min(left, RecordBuffer.LONGEST_CONTENT);
      left -= length;
      if (!buffer.fits(length)) {
        writeOut();
      }
      boolean partial = entry.partial() || left > 0;
      buffer.add(entry.time(), entry.channel(), partial, content, at, length);
      if (skips != null && skips.take(buffer.hashOfLast())) {
        buffer.dropLast();
        skips = skips.isEmpty() ? null : skips;
      } else {
        file.appended(buffer.timeOfLast(), entry.channel(), partial);
        progressed = true;
        counts.tookRecord();
      }
      at += length;
    } while (left > 0);
  }

  private void writeOutBeforeWaiting() throws IOException {
    lock.lock();
    try {
      writeOut();
      buffer.shrink();
    } finally {
      lock.unlock();
    }
  }

  /** Returns when all is written; tries again for ever while the disk refuses. */
  private void writeOut() throws IOException {
    if (buffer.isEmpty()) {
      return;
    }
    file.beforeBatch();
    Duration wait = FIRST_WAIT;
    while (!buffer.isEmpty()) {
      try {
        buffer.writeTo(file);
      } catch (IOException e) {
        if (stopping || !file.isOpen()) {
          throw e;
        }
        trouble.report(e);
        pause(wait, e);
        fetchAgainIfDropped();
        wait = longer(wait);
      }
    }
    trouble.over();
    file.afterBatch();
  }

  private void fetchAgainIfDropped() throws IOException {
    if (dropped) {
      throw new IOException("the log was rotated while it could not be written");
    }
  }

  private void finish() {
    // A file channel closes itself under an interrupted thread.
    boolean interrupted = Thread.interrupted();
    lock.lock();
    try {
      if (!interrupted) {
        keepWhatIsHeld();
      }
      file.close();
    } catch (IOException e) {
      LOG.warn("The log file {} did not close well: {}", path, e.toString());
    } finally {
      lock.unlock();
      drained.complete(null);
    }
  }

  private void pause(Duration wait) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = wait.toNanos();
      while (left > 0 && !stopping) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private void pause(Duration wait, IOException why) throws IOException {
    try {
      long left = wait.toNanos();
      while (left > 0 && !stopping && !dropped) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException given = new InterruptedIOException("given up: " + why);
      given.initCause(e);
      throw given;
    }
  }

  private static Duration longer(Duration wait) {
    Duration twice = wait.multipliedBy(2);
    return twice.compareTo(LONGEST_WAIT) < 0 ? twice : LONGEST_WAIT;
  }

  private void closeQuietly(LogSource.Stream open) {
    try {
      open.close();
    } catch (IOException e) {
      LOG.debug("The output of {} did not close well: {}", containerId, e.toString());
    }
  }
}
