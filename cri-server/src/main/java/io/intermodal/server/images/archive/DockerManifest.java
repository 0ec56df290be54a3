package io.intermodal.server.images.archive;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.intermodal.server.images.archive.FoundImage.FoundLayer;
import io.intermodal.server.images.archive.files.ArchiveFiles;
import io.intermodal.server.images.archive.files.BrokenArchive;
import io.intermodal.server.images.archive.files.Digests;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code manifest.json} of {@code docker save}: the images, and which files belong to them. */
public final class DockerManifest {
  /** Its name. */
  public static final String FILE = "manifest.json";

  /**
   * The name says what the digest of the content is: {@code 4f53….json}, {@code
   * blobs/sha256/4f53…}.
   */
  private static final Pattern DIGEST = Pattern.compile("(?:.*/)?([0-9a-f]{64})(?:\\.json)?");

  private DockerManifest() {}

  static List<FoundImage> read(ArchiveFiles files) throws IOException {
    byte[] content = files.bytes(files.get(FILE));
    try {
      List<FoundImage> images = new ArrayList<>();
      for (JsonElement image : files.json(FILE, content).getAsJsonArray()) {
        images.add(image(files, image.getAsJsonObject()));
      }
      return images;
    } catch (IllegalStateException | ClassCastException | NullPointerException e) {
      throw BrokenArchive.because(
          files.label(), "is broken: manifest.json is no list of images", e);
    }
  }

  private static FoundImage image(ArchiveFiles files, JsonObject image) throws IOException {
    String configFile = image.get("Config").getAsString();
    ImageConfig config = ImageConfig.read(files, files.get(configFile));
    Matcher named = DIGEST.matcher(configFile);
    if (named.matches() && !Digests.hex(config.id()).equals(named.group(1))) {
      throw BrokenArchive.because(
          files.label(), "is broken: %s has the digest %s".formatted(configFile, config.id()));
    }
    List<FoundLayer> layers = new ArrayList<>();
    for (String layer : strings(image, "Layers")) {
      layers.add(new FoundLayer(files.get(layer), Optional.empty()));
    }
    return new FoundImage(strings(image, "RepoTags"), config, layers);
  }

  /** Nothing is {@code null} in Go's JSON. */
  private static List<String> strings(JsonObject object, String name) {
    JsonElement list = object.get(name);
    return list == null || list.isJsonNull()
        ? List.of()
        : list.getAsJsonArray().asList().stream().map(JsonElement::getAsString).toList();
  }
}
