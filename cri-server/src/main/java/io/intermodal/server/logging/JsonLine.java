package io.intermodal.server.logging;

import com.google.gson.JsonObject;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/** A JSON object a line. */
final class JsonLine extends Formatter {
  @Override
  public String format(LogRecord event) {
    JsonObject line = new JsonObject();
    LogFields.of(event, formatMessage(event)).forEach(line::addProperty);
    return line + "\n";
  }
}
