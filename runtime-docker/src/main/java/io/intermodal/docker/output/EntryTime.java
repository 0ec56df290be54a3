package io.intermodal.docker.output;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Writes nanoseconds since 1970 as {@code 2016-10-06T00:17:09.669794202Z}, fast. */
final class EntryTime {
  private static final long NANOS = 1_000_000_000L;
  private static final int DIGITS = 9;
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.", Locale.ROOT);

  private long second = Long.MIN_VALUE;
  private final StringBuilder text = new StringBuilder(32);
  private int secondLength;

  /** The time's nanoseconds since 1970. */
  static long nanos(String time) {
    Instant instant = Instant.parse(time);
    return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), NANOS), instant.getNano());
  }

  String text(long nanos) {
    long wanted = Math.floorDiv(nanos, NANOS);
    if (wanted != second) {
      second = wanted;
      text.setLength(0);
      SECOND.formatTo(LocalDateTime.ofEpochSecond(wanted, 0, ZoneOffset.UTC), text);
      secondLength = text.length();
    }
    text.setLength(secondLength + DIGITS);
    int rest = (int) Math.floorMod(nanos, NANOS);
    for (int i = secondLength + DIGITS - 1; i >= secondLength; i--) {
      text.setCharAt(i, (char) ('0' + rest % 10));
      rest /= 10;
    }
    return text.append('Z').toString();
  }
}
