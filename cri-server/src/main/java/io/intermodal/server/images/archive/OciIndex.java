package io.intermodal.server.images.archive;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.intermodal.server.images.archive.FoundImage.FoundLayer;
import io.intermodal.server.images.archive.files.ArchiveFiles;
import io.intermodal.server.images.archive.files.Blob;
import io.intermodal.server.images.archive.files.BrokenArchive;
import io.intermodal.server.images.archive.files.Digests;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * {@code index.json} of an OCI image layout. Of an image for several platforms it gives the one for
 * this host; an image that is there for one platform only is given whatever that is.
 */
public final class OciIndex {
  /** Its name. */
  public static final String FILE = "index.json";

  /** More lists in lists than anybody writes. */
  private static final int DEEPEST = 4;

  private final ArchiveFiles files;
  private final Platform host;

  private OciIndex(ArchiveFiles files, Platform host) {
    this.files = files;
    this.host = host;
  }

  static List<FoundImage> read(ArchiveFiles files, Platform host) throws IOException {
    try {
      return new OciIndex(files, host).images();
    } catch (IllegalStateException | ClassCastException | NullPointerException e) {
      throw BrokenArchive.because(
          files.label(), "is broken: its index.json or a manifest is none of OCI's", e);
    }
  }

  private List<FoundImage> images() throws IOException {
    byte[] content = files.bytes(files.get(FILE));
    Map<String, List<OciDescriptor>> forPlatforms = new LinkedHashMap<>();
    for (OciDescriptor descriptor : descriptors(files.json(FILE, content).getAsJsonObject())) {
      // Several platforms of one image can stand in a list of their own, or here beside each other.
      forPlatforms
          .computeIfAbsent(descriptor.name().orElse(descriptor.digest()), _ -> new ArrayList<>())
          .addAll(manifests(descriptor, 1));
    }
    Map<String, List<String>> names = new LinkedHashMap<>();
    Map<String, OciDescriptor> chosen = new LinkedHashMap<>();
    for (Map.Entry<String, List<OciDescriptor>> image : forPlatforms.entrySet()) {
      if (image.getValue().isEmpty()) {
        continue;
      }
      OciDescriptor manifest = fitting(image.getKey(), image.getValue());
      chosen.put(manifest.digest(), manifest);
      List<String> known = names.computeIfAbsent(manifest.digest(), _ -> new ArrayList<>());
      if (!Digests.isOne(image.getKey())) {
        known.add(image.getKey());
      }
    }
    List<FoundImage> images = new ArrayList<>();
    for (OciDescriptor manifest : chosen.values()) {
      images.add(image(names.getOrDefault(manifest.digest(), List.of()), manifest));
    }
    return images;
  }

  private static List<OciDescriptor> descriptors(JsonObject index) {
    return index.getAsJsonArray("manifests").asList().stream()
        .map(JsonElement::getAsJsonObject)
        .map(OciDescriptor::new)
        .toList();
  }

  private List<OciDescriptor> manifests(OciDescriptor descriptor, int depth) throws IOException {
    if (descriptor.isRemark()) {
      return List.of();
    }
    if (!descriptor.isIndex()) {
      return List.of(descriptor);
    }
    if (depth == DEEPEST) {
      throw BrokenArchive.because(files.label(), "has lists in lists in lists");
    }
    List<OciDescriptor> all = new ArrayList<>();
    for (OciDescriptor inner : descriptors(descriptor.target(files))) {
      all.addAll(manifests(inner, depth + 1));
    }
    return all;
  }

  private OciDescriptor fitting(String name, List<OciDescriptor> manifests) throws IOException {
    if (manifests.size() == 1) {
      return manifests.getFirst();
    }
    List<Platform> platforms = new ArrayList<>();
    for (OciDescriptor manifest : manifests) {
      Optional<Platform> said = manifest.platform();
      Platform platform = said.isPresent() ? said.get() : config(manifest).platform();
      if (platform.equals(host)) {
        return manifest;
      }
      platforms.add(platform);
    }
    throw BrokenArchive.because(
        files.label(),
        "has %s for %s, and not for %s"
            .formatted(
                name,
                platforms.stream().map(Platform::toString).collect(Collectors.joining(", ")),
                host));
  }

  private FoundImage image(List<String> names, OciDescriptor descriptor) throws IOException {
    List<FoundLayer> layers = new ArrayList<>();
    for (JsonElement layer : descriptor.target(files).getAsJsonArray("layers")) {
      OciDescriptor described = new OciDescriptor(layer.getAsJsonObject());
      layers.add(new FoundLayer(described.blob(files), Optional.of(described.digest())));
    }
    return new FoundImage(names, config(descriptor), layers);
  }

  private ImageConfig config(OciDescriptor manifest) throws IOException {
    OciDescriptor described = new OciDescriptor(manifest.target(files).getAsJsonObject("config"));
    Blob blob = described.blob(files);
    ImageConfig config = ImageConfig.read(files, blob);
    described.requireDigest(files, blob, config.id());
    return config;
  }
}
