package io.intermodal.server.demo;

import java.time.Duration;

/** A moment after which there is no more waiting. */
final class Deadline {
  private static final Duration PAUSE = Duration.ofMillis(5);

  private final long nanoTime;

  private Deadline(long nanoTime) {
    this.nanoTime = nanoTime;
  }

  static Deadline in(Duration duration) {
    return new Deadline(System.nanoTime() + duration.toNanos());
  }

  /** This one, or the given time from now if that comes first. */
  Deadline orIn(Duration duration) {
    return duration.compareTo(remaining()) < 0 ? in(duration) : this;
  }

  /** Never negative. */
  Duration remaining() {
    return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
  }

  boolean passed() {
    return remaining().isZero();
  }

  /** Waits a moment before another look at something that gives no signal. */
  static void pause() throws DemoException {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DemoException("interrupted", e);
    }
  }
}
