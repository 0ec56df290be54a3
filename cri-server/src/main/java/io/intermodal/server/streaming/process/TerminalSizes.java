package io.intermodal.server.streaming.process;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.intermodal.runtime.streaming.TerminalSize;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads sizes as clients send them, one JSON object after the other. */
final class TerminalSizes {
  private static final Logger log = LoggerFactory.getLogger(TerminalSizes.class);
  private static final int LARGEST = 65_535;

  private TerminalSizes() {}

  /** Tells each size until the stream ends, the client goes or it sends what is no size. */
  static void tell(InputStream from, Consumer<TerminalSize> listener) {
    try (JsonReader json = new JsonReader(new InputStreamReader(from, StandardCharsets.UTF_8))) {
      json.setStrictness(Strictness.LENIENT);
      while (json.peek() != JsonToken.END_DOCUMENT) {
        listener.accept(size(JsonParser.parseReader(json)));
      }
    } catch (IOException e) {
      log.debug("no further sizes of a terminal: {}", e.toString());
    } catch (JsonParseException | IllegalStateException | NumberFormatException e) {
      log.debug("a client sends what is no size of a terminal: {}", e.toString());
    }
  }

  private static TerminalSize size(JsonElement element) {
    JsonObject size = element.getAsJsonObject();
    return new TerminalSize(number(size, "Width"), number(size, "Height"));
  }

  private static int number(JsonObject size, String field) {
    int number = size.has(field) ? size.get(field).getAsInt() : 0;
    return Math.clamp(number, 0, LARGEST);
  }
}
