package io.intermodal.server.images.archive.writing;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.intermodal.runtime.contract.ImageReference;
import io.intermodal.server.images.archive.OciIndex;
import io.intermodal.server.images.archive.Platform;
import io.intermodal.server.images.archive.WholeImage;
import io.intermodal.server.images.archive.WholeImage.WholeLayer;
import io.intermodal.server.images.archive.files.Blob;
import io.intermodal.server.images.archive.files.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Images as an OCI image layout in a tar. Layers stay as they are. */
public record OciArchive(TarParts tar) {
  private static final Gson JSON = new GsonBuilder().disableHtmlEscaping().create();
  private static final String TYPE = "application/vnd.oci.image.";
  private static final String BLOBS = "blobs/sha256/";

  /** Puts images together. A layer that several of them have is in it once. */
  public static OciArchive of(List<WholeImage> images) throws IOException {
    TarParts tar = new TarParts();
    Set<String> written = new HashSet<>();
    JsonArray manifests = new JsonArray();
    tar.add("oci-layout", blob("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}"));
    for (WholeImage image : images) {
      byte[] manifest = JSON.toJson(manifest(image)).getBytes(StandardCharsets.UTF_8);
      String digest = Digests.of(manifest);
      add(tar, written, digest, Blob.of("manifest", manifest));
      add(tar, written, image.id(), Blob.of("config", image.config().toByteArray()));
      for (WholeLayer layer : image.layers()) {
        add(tar, written, layer.digest(), layer.blob());
      }
      for (String name : image.names()) {
        manifests.add(named(name, digest, manifest.length, image.platform()));
      }
    }
    JsonObject index = versioned("index.v1+json");
    index.add("manifests", manifests);
    tar.add(OciIndex.FILE, blob(OciIndex.FILE, JSON.toJson(index)));
    return new OciArchive(tar.end());
  }

  private static void add(TarParts tar, Set<String> written, String digest, Blob blob)
      throws IOException {
    if (written.add(digest)) {
      tar.add(BLOBS + Digests.hex(digest), blob);
    }
  }

  private static Blob blob(String name, String text) {
    return Blob.of(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private static JsonObject versioned(String type) {
    JsonObject object = new JsonObject();
    object.addProperty("schemaVersion", 2);
    object.addProperty("mediaType", TYPE + type);
    return object;
  }

  private static JsonObject manifest(WholeImage image) {
    JsonObject manifest = versioned("manifest.v1+json");
    manifest.add("config", descriptor("config.v1+json", image.id(), image.config().size()));
    JsonArray layers = new JsonArray();
    for (WholeLayer layer : image.layers()) {
      String type =
          switch (layer.compression()) {
            case NONE -> "layer.v1.tar";
            case GZIP -> "layer.v1.tar+gzip";
            case ZSTD -> "layer.v1.tar+zstd";
          };
      layers.add(descriptor(type, layer.digest(), layer.blob().size()));
    }
    manifest.add("layers", layers);
    return manifest;
  }

  private static JsonObject descriptor(String type, String digest, long size) {
    JsonObject descriptor = new JsonObject();
    descriptor.addProperty("mediaType", TYPE + type);
    descriptor.addProperty("digest", digest);
    descriptor.addProperty("size", size);
    return descriptor;
  }

  /** With the name as containerd and Docker write and read it. */
  private static JsonObject named(String name, String digest, long size, Platform platform) {
    JsonObject descriptor = descriptor("manifest.v1+json", digest, size);
    ImageReference reference = ImageReference.parse(name);
    JsonObject annotations = new JsonObject();
    annotations.addProperty("io.containerd.image.name", reference.toString());
    annotations.addProperty("org.opencontainers.image.ref.name", reference.tagOrDigest());
    descriptor.add("annotations", annotations);
    JsonObject where = new JsonObject();
    where.addProperty("architecture", platform.architecture());
    where.addProperty("os", platform.os());
    descriptor.add("platform", where);
    return descriptor;
  }

  /** The length of the tar in bytes. */
  public long size() {
    return tar.size();
  }

  /** The tar from its beginning. */
  public InputStream open() throws IOException {
    return tar.open();
  }
}
