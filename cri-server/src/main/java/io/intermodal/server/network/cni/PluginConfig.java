package io.intermodal.server.network.cni;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One plugin's part of a network.
 *
 * @param type the name of the plugin's program
 * @param ipam the program that it asks for addresses; empty if it has none
 * @param capabilities what the plugin wants to be told about each pod: {@code portMappings}
 * @param json everything that the file says about it; not to be changed
 */
public record PluginConfig(
    String type, Optional<String> ipam, Set<String> capabilities, JsonObject json) {
  private static final Pattern PROGRAM = Pattern.compile("[A-Za-z0-9_.+-]+");

  static PluginConfig parse(JsonObject json) throws MalformedJsonException {
    String type =
        Json.string(json, "type")
            .orElseThrow(() -> new MalformedJsonException("has a plugin without \"type\""));
    Optional<String> ipam =
        Json.string(Json.child(json, "ipam"), "type").filter(program -> !program.isEmpty());
    for (String program : Stream.concat(Stream.of(type), ipam.stream()).toList()) {
      if (!PROGRAM.matcher(program).matches() || program.equals(".") || program.equals("..")) {
        throw new MalformedJsonException(
            "has a plugin type that is no program's name: \"" + program + "\"");
      }
    }
    Set<String> capabilities = new TreeSet<>();
    JsonObject declared = Json.child(json, "capabilities");
    for (var capability : declared.entrySet()) {
      JsonElement wanted = capability.getValue();
      if (wanted.isJsonPrimitive() && wanted.getAsBoolean()) {
        capabilities.add(capability.getKey());
      }
    }
    return new PluginConfig(type, ipam, Set.copyOf(capabilities), json);
  }
}
