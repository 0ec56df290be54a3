package io.intermodal.server.top.usage;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The rate of one counter, by its own timestamps: a server may answer from a cache, and the time of
 * our asking says nothing about when it has read.
 *
 * @param last the newest reading
 * @param perSecond units of the counter a second; empty until there are two readings
 */
record Meter(Counter last, OptionalDouble perSecond) {
  private static final double NANOS_PER_SECOND = 1e9;

  /**
   * The meter after a further reading.
   *
   * @param before the meter so far; empty when the object is new
   * @param now the reading; empty when the server does not know it
   */
  static Optional<Meter> read(Optional<Meter> before, Optional<Counter> now) {
    return now.map(counter ->
        before
            .map(meter -> meter.next(counter))
            .orElseGet(() -> new Meter(counter, OptionalDouble.empty())));
  }

  private Meter next(Counter now) {
    long nanos = now.nanos() - last.nanos();
    if (nanos == 0) {
      // The same reading once more: what is known of the rate still is.
      return this;
    }
    long grown = now.value() - last.value();
    if (nanos < 0 || grown < 0) {
      // A clock that was set back or a counter that began anew says nothing about a rate.
      return new Meter(now, OptionalDouble.empty());
    }
    return new Meter(now, OptionalDouble.of(grown * NANOS_PER_SECOND / nanos));
  }
}
