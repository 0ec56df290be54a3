package io.intermodal.server.logging;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** The fields of a log line, the same in every format: ts, level, logger, msg, the MDC, error. */
final class LogFields {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private LogFields() {}

  static Map<String, String> of(LogRecord event, String message) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("ts", TIME.format(event.getInstant()));
    fields.put("level", level(event.getLevel()));
    fields.put("logger", shortName(event.getLoggerName()));
    fields.put("msg", message);
    Map<String, String> context = MDC.getCopyOfContextMap();
    if (context != null) {
      fields.putAll(new TreeMap<>(context));
    }
    Throwable thrown = event.getThrown();
    if (thrown != null) {
      fields.put("error", stackTrace(thrown));
    }
    return fields;
  }

  private static String level(Level level) {
    int value = level.intValue();
    if (value >= Level.SEVERE.intValue()) {
      return "error";
    }
    if (value >= Level.WARNING.intValue()) {
      return "warn";
    }
    if (value >= Level.INFO.intValue()) {
      return "info";
    }
    return value >= Level.FINE.intValue() ? "debug" : "trace";
  }

  private static String shortName(@Nullable String logger) {
    return logger == null ? "" : logger.substring(logger.lastIndexOf('.') + 1);
  }

  private static String stackTrace(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text, true));
    return text.toString().stripTrailing();
  }
}
