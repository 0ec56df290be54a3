package io.intermodal.server.network.cni;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A network: a chain of plugins that together connect a pod.
 *
 * @param name the network's name
 * @param version the version in which its plugins are spoken to
 * @param disableCheck whether CHECK is not to be run on it
 * @param disableGc whether GC is not to be run on it
 * @param plugins in the order of ADD, at least one
 * @param json the whole configuration in the form of a {@code .conflist}, also when it was read
 *     from a file with a single plugin
 */
public record NetworkConfig(
    String name,
    CniVersion version,
    boolean disableCheck,
    boolean disableGc,
    List<PluginConfig> plugins,
    String json) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");
  private static final Pattern FILE = Pattern.compile(".+\\.(conf|conflist|json)");
  private static final long LARGEST_FILE = 1 << 20;

  /** The files that may be networks, in name order. */
  public static List<Path> filesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(f -> FILE.matcher(String.valueOf(f.getFileName())).matches())
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    }
  }

  /**
   * Reads a network's file: a chain ({@code plugins}) or a single plugin. Unless the chain says
   * {@code loadOnlyInlinedPlugins}, the plugins in {@code <folder>/<network name>/*.conf} follow
   * those of the file (version 1.1 of the specification).
   *
   * @throws MalformedJsonException when it is not a network; the message says why
   */
  public static NetworkConfig read(Path file) throws IOException, MalformedJsonException {
    JsonObject json = readObject(file);
    if (!json.has("plugins") && json.has("type")) {
      return parse(wrapped(json));
    }
    if (!Json.flag(json, "loadOnlyInlinedPlugins")) {
      appendSeparatePlugins(json, file.resolveSibling(nameOf(json)));
    }
    return parse(json);
  }

  /** A network in the form of {@link #json()}, or a single plugin. */
  public static NetworkConfig parse(byte[] text) throws MalformedJsonException {
    JsonObject json = Json.object(text);
    return parse(json.has("plugins") ? json : wrapped(json));
  }

  /** Whether a plugin of the chain wants to be told this about a pod. */
  public boolean has(String capability) {
    return plugins.stream().anyMatch(plugin -> plugin.capabilities().contains(capability));
  }

  /** The configuration as it is kept for DEL. */
  public byte[] bytes() {
    return json.getBytes(StandardCharsets.UTF_8);
  }

  private static NetworkConfig parse(JsonObject json) throws MalformedJsonException {
    List<PluginConfig> plugins = new ArrayList<>();
    for (JsonElement plugin : Json.list(json, "plugins")) {
      plugins.add(PluginConfig.parse(Json.asObject(plugin, "an entry of \"plugins\"")));
    }
    if (plugins.isEmpty()) {
      throw new MalformedJsonException("names no plugin");
    }
    return new NetworkConfig(
        nameOf(json),
        versionOf(json),
        Json.flag(json, "disableCheck"),
        Json.flag(json, "disableGC"),
        List.copyOf(plugins),
        json.toString());
  }

  private static JsonObject wrapped(JsonObject plugin) throws MalformedJsonException {
    JsonObject list = new JsonObject();
    list.addProperty("name", nameOf(plugin));
    Json.string(plugin, "cniVersion").ifPresent(version -> list.addProperty("cniVersion", version));
    JsonArray plugins = new JsonArray();
    plugins.add(plugin);
    list.add("plugins", plugins);
    return list;
  }

  private static void appendSeparatePlugins(JsonObject json, Path folder)
      throws IOException, MalformedJsonException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    JsonArray plugins = new JsonArray();
    Json.list(json, "plugins").forEach(plugins::add);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".conf")).sorted().toList()) {
        plugins.add(readObject(file));
      }
    }
    json.add("plugins", plugins);
  }

  private static JsonObject readObject(Path file) throws IOException, MalformedJsonException {
    if (Files.size(file) > LARGEST_FILE) {
      throw new MalformedJsonException("is larger than 1 MiB");
    }
    return Json.object(Files.readAllBytes(file));
  }

  private static String nameOf(JsonObject json) throws MalformedJsonException {
    String name =
        Json.string(json, "name")
            .orElseThrow(() -> new MalformedJsonException("has no \"name\" of the network"));
    if (!NAME.matcher(name).matches()) {
      throw new MalformedJsonException(
          "has an invalid network name \"" + name + "\" (letters, digits, '_', '.', '-')");
    }
    return name;
  }

  /**
   * The newest of {@code cniVersion} and {@code cniVersions} that is spoken here. A file without
   * either is of version 0.1.0.
   */
  private static CniVersion versionOf(JsonObject json) throws MalformedJsonException {
    List<String> offered = new ArrayList<>();
    Json.string(json, "cniVersion").filter(text -> !text.isEmpty()).ifPresent(offered::add);
    for (JsonElement version : Json.list(json, "cniVersions")) {
      if (!version.isJsonPrimitive()) {
        throw new MalformedJsonException("field \"cniVersions\" is not a list of strings");
      }
      offered.add(version.getAsString());
    }
    if (offered.isEmpty()) {
      return CniVersion.V0_1_0;
    }
    return offered.stream()
        .flatMap(text -> CniVersion.of(text).stream())
        .max(CniVersion::compareTo)
        .orElseThrow(() ->
            new MalformedJsonException(
                "is of CNI version "
                    + String.join(", ", offered)
                    + "; spoken are "
                    + List.of(CniVersion.values())));
  }

  /** The programs that the chain needs. */
  public Set<String> programs() {
    return plugins.stream()
        .flatMap(plugin -> Stream.concat(Stream.of(plugin.type()), plugin.ipam().stream()))
        .collect(Collectors.toUnmodifiableSet());
  }
}
