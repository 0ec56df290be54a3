package io.intermodal.server.network.cni;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON whose shape others decide: every access says in its error which field was wrong. Also
 * for what is stored in the form of a CNI configuration.
 */
public final class Json {
  private static final Gson STRICT = new GsonBuilder().setStrictness(Strictness.STRICT).create();

  private Json() {}

  /** Strictly one JSON object, in UTF-8. */
  public static JsonObject object(byte[] text) throws MalformedJsonException {
    return object(new String(text, StandardCharsets.UTF_8));
  }

  /** Strictly one JSON object. */
  public static JsonObject object(String text) throws MalformedJsonException {
    try {
      JsonElement element = STRICT.fromJson(text, JsonElement.class);
      if (element == null || !element.isJsonObject()) {
        throw new MalformedJsonException("is not a JSON object");
      }
      return element.getAsJsonObject();
    } catch (JsonParseException e) {
      // The outer message only names Java types; the cause says line, column and path.
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new MalformedJsonException("is not valid JSON" + place(reason.getMessage()), e);
    }
  }

  public static Optional<String> string(JsonObject object, String field)
      throws MalformedJsonException {
    JsonElement value = object.get(field);
    if (value == null || value.isJsonNull()) {
      return Optional.empty();
    }
    if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isString()) {
      throw new MalformedJsonException("field \"" + field + "\" is not a string");
    }
    return Optional.of(value.getAsString());
  }

  /** True or false, also as the strings that some network files carry; false when absent. */
  public static boolean flag(JsonObject object, String field) throws MalformedJsonException {
    JsonElement value = object.get(field);
    if (value == null || value.isJsonNull()) {
      return false;
    }
    if (value.isJsonPrimitive()) {
      String text = value.getAsString();
      if (text.equals("true") || text.equals("false")) {
        return text.equals("true");
      }
    }
    throw new MalformedJsonException("field \"" + field + "\" is neither true nor false");
  }

  /** Empty when absent. */
  public static JsonObject child(JsonObject object, String field) throws MalformedJsonException {
    JsonElement value = object.get(field);
    if (value == null || value.isJsonNull()) {
      return new JsonObject();
    }
    if (!value.isJsonObject()) {
      throw new MalformedJsonException("field \"" + field + "\" is not an object");
    }
    return value.getAsJsonObject();
  }

  /** Empty when absent. */
  public static List<JsonElement> list(JsonObject object, String field)
      throws MalformedJsonException {
    JsonElement value = object.get(field);
    if (value == null || value.isJsonNull()) {
      return List.of();
    }
    if (!value.isJsonArray()) {
      throw new MalformedJsonException("field \"" + field + "\" is not a list");
    }
    JsonArray array = value.getAsJsonArray();
    return List.copyOf(array.asList());
  }

  public static JsonObject asObject(JsonElement element, String what)
      throws MalformedJsonException {
    if (!element.isJsonObject()) {
      throw new MalformedJsonException(what + " is not an object");
    }
    return element.getAsJsonObject();
  }

  /** Only the place: the rest of the message speaks to programmers. */
  private static String place(@Nullable String message) {
    int at = message == null ? -1 : message.indexOf(" at line ");
    return message == null || at < 0 ? "" : message.substring(at).lines().findFirst().orElse("");
  }
}
