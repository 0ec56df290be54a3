package io.intermodal.rkt.answer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON in which anything may be missing. */
public final class Json {
  private static final int SHOWN = 200;

  private Json() {}

  /**
   * The value in the text, {@code null} of JSON included.
   *
   * @throws CriException UNKNOWN when it is no JSON
   */
  public static JsonElement parse(String text) {
    try {
      return JsonParser.parseString(text);
    } catch (JsonParseException e) {
      throw new CriException(
          Code.UNKNOWN,
          "rkt did not answer in JSON: " + text.substring(0, Math.min(SHOWN, text.length())),
          e);
    }
  }

  /** The object in the text; an empty one for anything else. */
  public static JsonObject object(String text) {
    return parse(text) instanceof JsonObject object ? object : new JsonObject();
  }

  /** The objects of the array in the text. */
  public static List<JsonObject> objects(String text) {
    return parse(text) instanceof JsonArray array ? objects(array) : List.of();
  }

  /** The objects of an array of this name. */
  public static List<JsonObject> objects(JsonObject in, String name) {
    return in.get(name) instanceof JsonArray array ? objects(array) : List.of();
  }

  private static List<JsonObject> objects(JsonArray array) {
    List<JsonObject> objects = new ArrayList<>();
    array.forEach(element -> {
      if (element instanceof JsonObject object) {
        objects.add(object);
      }
    });
    return objects;
  }

  /** The strings of an array of this name. */
  public static List<String> strings(JsonObject in, String name) {
    return in.get(name) instanceof JsonArray array ? strings(array) : List.of();
  }

  /** The strings of an array. */
  public static List<String> strings(JsonArray array) {
    List<String> strings = new ArrayList<>();
    array.forEach(element -> {
      if (element.isJsonPrimitive()) {
        strings.add(element.getAsString());
      }
    });
    return strings;
  }

  /** An object of this name; an empty one when there is none. */
  public static JsonObject object(JsonObject in, String name) {
    return in.get(name) instanceof JsonObject object ? object : new JsonObject();
  }

  /** A string or number of this name as text; "" when there is none. */
  public static String string(JsonObject in, String name) {
    JsonElement element = in.get(name);
    return element != null && element.isJsonPrimitive() ? element.getAsString() : "";
  }

  /** A number of this name; 0 when there is none. */
  public static long number(JsonObject in, String name) {
    JsonElement element = in.get(name);
    return element != null && element.isJsonPrimitive() && element.getAsJsonPrimitive().isNumber()
        ? element.getAsLong()
        : 0;
  }

  /** An object of strings of this name. */
  public static Map<String, String> map(JsonObject in, String name) {
    Map<String, String> map = new LinkedHashMap<>();
    object(in, name)
        .entrySet()
        .forEach(entry -> {
          if (entry.getValue().isJsonPrimitive()) {
            map.put(entry.getKey(), entry.getValue().getAsString());
          }
        });
    return map;
  }

  /** What arrays of {@code name} and {@code value} say, as appc writes annotations and labels. */
  public static Map<String, String> named(JsonObject in, String name) {
    Map<String, String> map = new LinkedHashMap<>();
    objects(in, name).forEach(entry -> map.put(string(entry, "name"), string(entry, "value")));
    return map;
  }
}
