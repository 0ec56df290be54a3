package io.intermodal.server.client;

import io.intermodal.runtime.CriException;
import java.time.Duration;

/** A moment after which there is no more waiting. */
public final class Deadline {
  private static final Duration PAUSE = Duration.ofMillis(5);

  private final long nanoTime;

  private Deadline(long nanoTime) {
    this.nanoTime = nanoTime;
  }

  public static Deadline in(Duration duration) {
    return new Deadline(System.nanoTime() + duration.toNanos());
  }

  /** This one, or the given time from now if that comes first. */
  public Deadline orIn(Duration duration) {
    return duration.compareTo(remaining()) < 0 ? in(duration) : this;
  }

  /** Never negative. */
  public Duration remaining() {
    return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
  }

  public boolean passed() {
    return remaining().isZero();
  }

  /** Waits a moment before another look at something that gives no signal. */
  public static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CriException(CriException.Code.CANCELLED, "interrupted", e);
    }
  }
}
