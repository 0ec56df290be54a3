package io.intermodal.rkt.output;

import io.intermodal.runtime.node.LogSource.Channel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What stands before the text in a record of {@code output.c}: {@code
 * 2026-11-23T07:20:35.776443686Z stderr F text}.
 *
 * @param time with nine digits of fraction, in UTC
 * @param channel which output
 * @param partial whether the line goes on in the next record of that output
 * @param length of it in bytes, with the space after it
 */
record RawLine(String time, Channel channel, boolean partial, int length) {
  private static final int TIME = "2026-11-23T07:20:35.776443686Z".length();
  private static final int HEAD = TIME + " stdout F ".length();

  /** Reads the beginning of a record; empty when it is not in that form. */
  static Optional<RawLine> read(byte[] bytes, int start, int end) {
    if (end - start < HEAD) {
      return Optional.empty();
    }
    String head = new String(bytes, start, HEAD, StandardCharsets.US_ASCII);
    boolean whole = head.endsWith(" F ");
    if (head.charAt(TIME - 1) != 'Z' || !(whole || head.endsWith(" P "))) {
      return Optional.empty();
    }
    return switch (head.substring(TIME, HEAD - 2)) {
      case " stdout " ->
          Optional.of(new RawLine(head.substring(0, TIME), Channel.STDOUT, !whole, HEAD));
      case " stderr " ->
          Optional.of(new RawLine(head.substring(0, TIME), Channel.STDERR, !whole, HEAD));
      default -> Optional.empty();
    };
  }
}
