package io.intermodal.server.logging;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class LinesTest {
  @Test
  void a_text_line_is_one_line_whatever_it_holds() {
    try (var _ = MDC.putCloseable("object", "a b=\"c\"");
        var _ = MDC.putCloseable("empty", "")) {
      assertThat(new TextLine().format(event("two\nlines \"quoted\" \\ \u0007")))
          .isEqualTo(
              "ts=2026-01-02T03:04:05.678Z level=warn logger=Thing"
                  + " msg=\"two\\nlines \\\"quoted\\\" \\\\ \\u0007\""
                  + " empty=\"\" object=\"a b=\\\"c\\\"\"\n");
    }
  }

  @Test
  void a_stack_trace_is_a_field() {
    LogRecord event = event("it failed");
    event.setThrown(new IllegalStateException("why"));

    assertThat(new TextLine().format(event))
        .contains("msg=\"it failed\" error=\"java.lang.IllegalStateException: why\\n")
        .endsWith("\"\n")
        .hasLineCount(1);
  }

  @Test
  void a_json_line_holds_the_same_fields() {
    try (var _ = MDC.putCloseable("rpc", "Version")) {
      String line = new JsonLine().format(event("two\nlines"));
      JsonObject fields = JsonParser.parseString(line).getAsJsonObject();

      assertThat(line).hasLineCount(1).endsWith("}\n");
      assertThat(fields.get("msg").getAsString()).isEqualTo("two\nlines");
      assertThat(fields.get("level").getAsString()).isEqualTo("warn");
      assertThat(fields.get("rpc").getAsString()).isEqualTo("Version");
    }
  }

  private static LogRecord event(String message) {
    LogRecord event = new LogRecord(Level.WARNING, message);
    event.setLoggerName("io.intermodal.some.Thing");
    event.setInstant(Instant.parse("2026-01-02T03:04:05.678Z"));
    return event;
  }
}
