package io.intermodal.rkt.image.aci;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.intermodal.rkt.answer.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The manifest of an archive, made from an image's configuration. */
public final class AciManifest {
  /** The digest of the configuration: the image's id. */
  public static final String IMAGE_ID = "io.intermodal/image-id";

  /** The words of the configuration, as JSON; rkt's tools for Docker images write these too. */
  public static final String ENTRYPOINT = "appc.io/docker/entrypoint";

  public static final String COMMAND = "appc.io/docker/cmd";

  /** The user as the configuration names it. */
  public static final String USER = "io.intermodal/user";

  public static final String STOP_SIGNAL = "io.intermodal/stop-signal";

  /** The image's own files of users and groups, so that names can be looked up without it. */
  public static final String PASSWD = "io.intermodal/passwd";

  public static final String GROUP = "io.intermodal/group";

  private AciManifest() {}

  /**
   * The manifest as JSON.
   *
   * @param imageId the digest of the configuration
   * @param repository the image's name without tag
   * @param config the configuration as the registry has it
   * @param passwd the image's {@code /etc/passwd}
   * @param group the image's {@code /etc/group}
   */
  public static String json(
      String imageId, String repository, JsonObject config, String passwd, String group) {
    JsonObject process = Json.object(config, "config");
    JsonObject manifest = new JsonObject();
    manifest.addProperty("acKind", "ImageManifest");
    manifest.addProperty("acVersion", "0.8.11");
    manifest.addProperty("name", name(repository));
    manifest.add(
        "labels",
        named(
            Map.of(
                "os", "linux",
                "arch", architecture(Json.string(config, "architecture")),
                "version", imageId.substring(imageId.indexOf(':') + 1))));
    manifest.add("app", app(process));
    Map<String, String> annotations = new LinkedHashMap<>();
    annotations.put(IMAGE_ID, imageId);
    annotations.put(ENTRYPOINT, array(Json.strings(process, "Entrypoint")).toString());
    annotations.put(COMMAND, array(Json.strings(process, "Cmd")).toString());
    annotations.put(USER, Json.string(process, "User"));
    annotations.put(STOP_SIGNAL, Json.string(process, "StopSignal"));
    annotations.put(PASSWD, passwd);
    annotations.put(GROUP, group);
    annotations.values().removeIf(String::isEmpty);
    manifest.add("annotations", named(annotations));
    return manifest.toString();
  }

  private static JsonObject app(JsonObject process) {
    JsonObject app = new JsonObject();
    List<String> words = new ArrayList<>(Json.strings(process, "Entrypoint"));
    words.addAll(Json.strings(process, "Cmd"));
    if (!words.isEmpty()) {
      app.add("exec", array(words));
    }
    // Users are given to rkt in numbers, with each container.
    app.addProperty("user", "0");
    app.addProperty("group", "0");
    String folder = Json.string(process, "WorkingDir");
    app.addProperty("workingDirectory", folder.isEmpty() ? "/" : folder);
    JsonArray environment = new JsonArray();
    for (String variable : Json.strings(process, "Env")) {
      int equals = variable.indexOf('=');
      if (equals > 0) {
        environment.add(entry(variable.substring(0, equals), variable.substring(equals + 1)));
      }
    }
    app.add("environment", environment);
    JsonArray volumes = new JsonArray();
    int number = 0;
    for (String path : Json.object(process, "Volumes").keySet()) {
      JsonObject volume = new JsonObject();
      volume.addProperty("name", "volume-" + number++);
      volume.addProperty("path", path);
      volumes.add(volume);
    }
    app.add("mountPoints", volumes);
    return app;
  }

  /** Names are of small letters, digits and some marks between them. */
  private static String name(String repository) {
    String name =
        repository
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9./_-]+", "_")
            .replaceAll("[._/-]*/[._/-]*", "/")
            .replaceAll("([._-])[._-]+", "$1")
            .replaceAll("^[^a-z0-9]+|[^a-z0-9]+$", "");
    return name.isEmpty() ? "image" : name;
  }

  private static String architecture(String asRegistriesSay) {
    return switch (asRegistriesSay) {
      case "", "amd64" -> "amd64";
      case "arm64" -> "aarch64";
      default -> asRegistriesSay;
    };
  }

  private static JsonArray named(Map<String, String> values) {
    JsonArray entries = new JsonArray();
    values.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(value -> entries.add(entry(value.getKey(), value.getValue())));
    return entries;
  }

  private static JsonObject entry(String name, String value) {
    JsonObject entry = new JsonObject();
    entry.addProperty("name", name);
    entry.addProperty("value", value);
    return entry;
  }

  private static JsonArray array(List<String> words) {
    JsonArray array = new JsonArray();
    words.forEach(array::add);
    return array;
  }
}
