package io.intermodal.runtime.contract;

import java.time.Clock;
import java.time.Instant;

/** CRI's time: nanoseconds since 1970. */
public final class Timestamps {
  private Timestamps() {}

  public static long now(Clock clock) {
    return of(clock.instant());
  }

  public static long of(Instant time) {
    return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
  }
}
