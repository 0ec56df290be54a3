package io.intermodal.server.logs;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Times of log records: as text {@code 2016-10-06T00:17:09.669794202Z}, as a number nanoseconds
 * since 1970 (until the year 2262).
 */
final class Timestamps {
  /** Where a time should be but is none, and before every time. */
  static final long NEVER = Long.MIN_VALUE;

  static final int LENGTH = 30;

  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Timestamps() {}

  static String text(long nanos) {
    return FORMAT.format(
        Instant.ofEpochSecond(
            Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L)));
  }

  /** The time written at an offset, {@link #NEVER} when the bytes there are none. */
  static long parse(byte[] bytes, int offset, int available) {
    if (available < LENGTH
        || bytes[offset + 4] != '-'
        || bytes[offset + 7] != '-'
        || bytes[offset + 10] != 'T'
        || bytes[offset + 13] != ':'
        || bytes[offset + 16] != ':'
        || bytes[offset + 19] != '.'
        || bytes[offset + 29] != 'Z') {
      return NEVER;
    }
    int year = number(bytes, offset, 4);
    int month = number(bytes, offset + 5, 2);
    int day = number(bytes, offset + 8, 2);
    int hour = number(bytes, offset + 11, 2);
    int minute = number(bytes, offset + 14, 2);
    int second = number(bytes, offset + 17, 2);
    int nano = number(bytes, offset + 20, 9);
    if ((year | hour | minute | second | nano) < 0 || year < 1700 || year > 2261) {
      return NEVER;
    }
    try {
      long days = LocalDate.of(year, month, day).toEpochDay();
      return (((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000_000_000L + nano;
    } catch (DateTimeException notADate) {
      return NEVER;
    }
  }

  private static int number(byte[] bytes, int offset, int digits) {
    int number = 0;
    for (int i = offset; i < offset + digits; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }
}
