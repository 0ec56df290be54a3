package io.intermodal.tests.host;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waiting for something that happens outside of this process: always with a deadline. */
public final class Await {
  private static final Duration STEP = Duration.ofMillis(20);

  private Await() {}

  /** A condition that may fail because the thing looked at is not there yet. */
  @FunctionalInterface
  public interface Condition {
    boolean holds() throws Exception;
  }

  /**
   * Returns when the condition holds.
   *
   * @throws AssertionError when it still does not at the deadline
   */
  public static void until(String what, Duration limit, Condition condition) {
    Supplier<Optional<Boolean>> attempt =
        () -> {
          try {
            return condition.holds() ? Optional.of(true) : Optional.empty();
          } catch (Exception e) {
            throw new IllegalStateException("while waiting until " + what, e);
          }
        };
    value(what, limit, attempt);
  }

  /** The first value that the supplier has. */
  public static <T> T value(String what, Duration limit, Supplier<Optional<T>> supplier) {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      Optional<T> value = supplier.get();
      if (value.isPresent()) {
        return value.get();
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + limit + ": " + what);
      }
      LockSupport.parkNanos(STEP.toNanos());
    }
  }
}
