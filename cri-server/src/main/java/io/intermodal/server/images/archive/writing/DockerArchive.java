package io.intermodal.server.images.archive.writing;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.intermodal.runtime.contract.ImageReference;
import io.intermodal.runtime.images.ImageArchive;
import io.intermodal.server.images.archive.DockerManifest;
import io.intermodal.server.images.archive.WholeImage;
import io.intermodal.server.images.archive.WholeImage.WholeLayer;
import io.intermodal.server.images.archive.files.Blob;
import io.intermodal.server.images.archive.files.Compression;
import io.intermodal.server.images.archive.files.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Images as {@code docker save} writes them, which every engine's own tool loads. Layers stay
 * compressed with gzip as they may be; those with zstd are expanded, as Docker 20.10 does not read
 * them.
 *
 * @param images with whole names
 */
public record DockerArchive(List<ArchivedImage> images, TarParts tar) implements ImageArchive {
  private static final Gson JSON = new GsonBuilder().disableHtmlEscaping().create();

  /** Puts images together. A layer that several of them have is in it once. */
  public static DockerArchive of(List<WholeImage> images) throws IOException {
    TarParts tar = new TarParts();
    JsonArray manifest = new JsonArray();
    Set<String> written = new HashSet<>();
    for (WholeImage image : images) {
      manifest.add(entry(image));
    }
    byte[] text = JSON.toJson(manifest).getBytes(StandardCharsets.UTF_8);
    tar.add(DockerManifest.FILE, Blob.of(DockerManifest.FILE, text));
    for (WholeImage image : images) {
      String config = configFile(image);
      if (written.add(config)) {
        tar.add(config, Blob.of(config, image.config().toByteArray()));
      }
      for (WholeLayer layer : image.layers()) {
        if (written.add(layerFile(layer))) {
          tar.add(layerFile(layer), readable(layer));
        }
      }
    }
    return new DockerArchive(
        images.stream().map(image -> new ArchivedImage(image.id(), image.names())).toList(),
        tar.end());
  }

  private static JsonObject entry(WholeImage image) {
    JsonObject entry = new JsonObject();
    entry.addProperty("Config", configFile(image));
    JsonArray tags = new JsonArray();
    image.names().forEach(name -> tags.add(ImageReference.parse(name).familiar()));
    entry.add("RepoTags", tags);
    JsonArray layers = new JsonArray();
    image.layers().forEach(layer -> layers.add(layerFile(layer)));
    entry.add("Layers", layers);
    return entry;
  }

  private static String configFile(WholeImage image) {
    return Digests.hex(image.id()) + ".json";
  }

  private static String layerFile(WholeLayer layer) {
    return Digests.hex(layer.diffId()) + ".tar";
  }

  private static Blob readable(WholeLayer layer) {
    Blob blob = layer.blob();
    return layer.compression() == Compression.ZSTD
        ? new Blob(blob.name(), layer.tarSize(), () -> layer.compression().expanded(blob.open()))
        : blob;
  }

  @Override
  public long size() {
    return tar.size();
  }

  @Override
  public InputStream open() throws IOException {
    return tar.open();
  }
}
