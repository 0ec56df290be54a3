package io.intermodal.server.cri;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what has to come true. */
public final class Until {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private Until() {}

  /**
   * Waits for a condition.
   *
   * @param what it is, for the failure
   */
  public static void holds(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + PATIENCE.toSeconds() + " s: " + what);
      }
      LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
    }
  }
}
