package io.intermodal.rkt.index;

import java.time.Clock;
import java.time.Instant;

/** CRI's time: nanoseconds since 1970. */
public final class Timestamps {
  private Timestamps() {}

  public static long now(Clock clock) {
    Instant now = clock.instant();
    return Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
  }
}
