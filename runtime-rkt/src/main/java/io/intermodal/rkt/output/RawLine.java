package io.intermodal.rkt.output;

import io.intermodal.runtime.node.LogSource.Channel;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Optional;

/**
 * What stands before the text in a line of rkt's raw output: {@code 2026-11-23T07:20:35.7764Z
 * stderr text}.
 *
 * @param time with nine digits of fraction, in UTC
 * @param channel which output
 * @param length of it in bytes, with the space after it
 */
record RawLine(String time, Channel channel, int length) {
  private static final DateTimeFormatter NINE_DIGITS =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'")
          .toFormatter();
  private static final int LONGEST = 64;

  /** Reads the beginning of a line; empty when it is not in that form. */
  static Optional<RawLine> read(byte[] bytes, int start, int end) {
    int limit = Math.min(end, start + LONGEST);
    int first = indexOf(bytes, start, limit);
    int second = first < 0 ? -1 : indexOf(bytes, first + 1, limit);
    if (second < 0) {
      return Optional.empty();
    }
    String time = text(bytes, start, first);
    String channel = text(bytes, first + 1, second);
    return time(time)
        .map(nine ->
            new RawLine(
                nine,
                channel.equals("stderr") ? Channel.STDERR : Channel.STDOUT,
                second + 1 - start));
  }

  /** A time in CRI's form. */
  static String format(LocalDateTime utc) {
    return NINE_DIGITS.format(utc);
  }

  private static Optional<String> time(String text) {
    try {
      OffsetDateTime time = OffsetDateTime.parse(text);
      return Optional.of(format(time.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime()));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static int indexOf(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == ' ') {
        return i;
      }
    }
    return -1;
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.US_ASCII);
  }
}
