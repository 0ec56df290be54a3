package io.intermodal.docker.spec.reading;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Docker's times: RFC 3339 with nanoseconds, the year 1 for "never". */
final class DockerTime {
  private DockerTime() {}

  /** Nanoseconds since 1970; 0 for "never", for nothing and for what is no time. */
  static long nanos(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return 0;
    }
    try {
      Instant instant = DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from);
      return instant.getEpochSecond() <= 0
          ? 0
          : TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
    } catch (DateTimeParseException e) {
      return 0;
    }
  }
}
