package io.intermodal.server.logging;

import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/** {@code ts=… level=info logger=… msg="…" key=value}: one line, whatever the message holds. */
final class TextLine extends Formatter {
  @Override
  public String format(LogRecord event) {
    StringBuilder line = new StringBuilder(160);
    LogFields.of(event, formatMessage(event))
        .forEach((key, value) -> {
          line.append(line.isEmpty() ? "" : " ").append(key).append('=');
          appendValue(line, value, key.equals("msg"));
        });
    return line.append('\n').toString();
  }

  private static void appendValue(StringBuilder line, String value, boolean always) {
    if (!always && !value.isEmpty() && value.chars().noneMatch(TextLine::needsQuotes)) {
      line.append(value);
      return;
    }
    line.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> line.append("\\\"");
        case '\\' -> line.append("\\\\");
        case '\n' -> line.append("\\n");
        case '\r' -> line.append("\\r");
        case '\t' -> line.append("\\t");
        default -> {
          if (c < ' ' || c == 0x7f) {
            line.append("\\u%04x".formatted((int) c));
          } else {
            line.append(c);
          }
        }
      }
    }
    line.append('"');
  }

  private static boolean needsQuotes(int c) {
    return c <= ' ' || c == '"' || c == '\\' || c == '=' || c == 0x7f;
  }
}
