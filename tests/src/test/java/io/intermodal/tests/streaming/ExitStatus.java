package io.intermodal.tests.streaming;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a session ended, as the error stream told.
 *
 * @param code the process's exit code; empty when there was no process, and in protocols that do
 *     not tell
 * @param message the server's words
 */
public record ExitStatus(boolean success, OptionalInt code, String message) {

  /** Reads the JSON status of the protocol's versions 4 and 5, as strictly as Go's client. */
  static ExitStatus ofJson(byte[] bytes) throws IOException {
    String text = new String(bytes, StandardCharsets.UTF_8);
    try {
      JsonObject status = JsonParser.parseString(text).getAsJsonObject();
      String message = string(status, "message");
      return switch (string(status, "status")) {
        case "Success" -> new ExitStatus(true, OptionalInt.of(0), message);
        case "Failure" ->
            string(status, "reason").equals("NonZeroExitCode")
                ? new ExitStatus(false, OptionalInt.of(exitCode(status)), message)
                : new ExitStatus(false, OptionalInt.empty(), message);
        default -> throw new IOException("neither success nor failure: " + text);
      };
    } catch (JsonParseException | IllegalStateException | NumberFormatException e) {
      throw new IOException("not a status: \"" + text + "\"", e);
    }
  }

  /** Reads the text of the versions before: there is none when all went well. */
  static ExitStatus ofText(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    return new ExitStatus(text.isEmpty(), OptionalInt.empty(), text);
  }

  private static String string(JsonObject object, String key) {
    return Optional.ofNullable(object.get(key)).map(JsonElement::getAsString).orElse("");
  }

  private static int exitCode(JsonObject status) throws IOException {
    JsonObject details = status.getAsJsonObject("details");
    JsonArray causes = details == null ? null : details.getAsJsonArray("causes");
    if (causes != null) {
      for (JsonElement cause : causes) {
        if (string(cause.getAsJsonObject(), "reason").equals("ExitCode")) {
          return Integer.parseUnsignedInt(string(cause.getAsJsonObject(), "message"));
        }
      }
    }
    throw new IOException("an exit code that is not 0, and no cause that says which: " + status);
  }
}
