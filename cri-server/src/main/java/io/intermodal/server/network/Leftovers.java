package io.intermodal.server.network;

import io.intermodal.runtime.CriException;
import io.intermodal.server.network.journal.Attachment;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Attachments that are to be undone and could not be yet. Each is tried again, first after a
 * second, then after ever longer pauses of at most five minutes, until it succeeds or we end (the
 * next start finds it in the journal). Few run at a time.
 */
final class Leftovers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
  private static final int AT_A_TIME = 8;

  private final Consumer<Attachment> undo;
  private final Semaphore running = new Semaphore(AT_A_TIME);
  private final Set<Attachment> waiting = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("cni-leftover-", 0).factory());

  /**
   * @param undo throws {@link CriException} when it did not succeed
   */
  Leftovers(Consumer<Attachment> undo) {
    this.undo = undo;
  }

  /** Tries all once and returns when that is done or the time is up; trying goes on. */
  void undo(Collection<Attachment> attachments, Duration patience) throws InterruptedException {
    CountDownLatch tried = new CountDownLatch(attachments.size());
    for (Attachment attachment : attachments) {
      start(attachment, Duration.ZERO, tried::countDown);
    }
    if (!tried.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      LOG.warn("{} pods are still being disconnected from their network", tried.getCount());
    }
  }

  /** Tries later. */
  void retry(Attachment attachment) {
    start(attachment, FIRST_PAUSE, () -> {});
  }

  private void start(Attachment attachment, Duration pause, Runnable afterFirst) {
    if (!waiting.add(attachment)) {
      afterFirst.run();
      return;
    }
    try {
      threads.execute(() -> {
        try {
          keepTrying(attachment, pause, afterFirst);
        } catch (InterruptedException e) {
          LOG.debug("sandbox {} stays in the journal", attachment.sandboxId());
        } finally {
          waiting.remove(attachment);
        }
      });
    } catch (RejectedExecutionException e) {
      LOG.debug("we end: sandbox {} stays in the journal", attachment.sandboxId());
    }
  }

  private void keepTrying(Attachment attachment, Duration firstPause, Runnable afterFirst)
      throws InterruptedException {
    Runnable done = afterFirst;
    for (Duration pause = firstPause; ; pause = longer(pause)) {
      Thread.sleep(pause);
      running.acquire();
      boolean succeeded;
      try {
        succeeded = undoOnce(attachment, longer(pause));
      } finally {
        running.release();
        done.run();
        done = () -> {};
      }
      if (succeeded) {
        return;
      }
    }
  }

  private boolean undoOnce(Attachment attachment, Duration next) {
    try {
      undo.accept(attachment);
      return true;
    } catch (CriException e) {
      LOG.warn(
          "a pod that is gone could not be disconnected, trying again in {} s: {}",
          next.toSeconds(),
          e.getMessage());
      return false;
    }
  }

  private static Duration longer(Duration pause) {
    if (pause.isZero()) {
      return FIRST_PAUSE;
    }
    Duration doubled = pause.multipliedBy(2);
    return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
  }

  /** Stops trying. What runs is interrupted; the journal remembers it. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
