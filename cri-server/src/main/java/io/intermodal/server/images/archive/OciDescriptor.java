package io.intermodal.server.images.archive;

import com.google.gson.JsonObject;
import io.intermodal.server.images.archive.files.ArchiveFiles;
import io.intermodal.server.images.archive.files.Blob;
import io.intermodal.server.images.archive.files.BrokenArchive;
import io.intermodal.server.images.archive.files.Digests;
import java.io.IOException;
import java.util.Optional;

/**
 * How the parts of an OCI layout refer to each other.
 *
 * @param json with {@code mediaType}, {@code digest}, {@code size} and more
 */
record OciDescriptor(JsonObject json) {
  private static final String CONTAINERD_NAME = "io.containerd.image.name";
  private static final String OCI_NAME = "org.opencontainers.image.ref.name";

  String digest() {
    return json.get("digest").getAsString();
  }

  String mediaType() {
    return json.has("mediaType") ? json.get("mediaType").getAsString() : "";
  }

  /** Whether it leads to a list instead of to an image. */
  boolean isIndex() {
    return mediaType().contains("image.index") || mediaType().contains("manifest.list");
  }

  /** Whether it says something about an image, such as how it was built, and is none. */
  boolean isRemark() {
    return annotation("vnd.docker.reference.type").isPresent()
        || platform().filter(platform -> platform.os().equals("unknown")).isPresent();
  }

  Optional<Platform> platform() {
    JsonObject platform = json.getAsJsonObject("platform");
    return platform == null
        ? Optional.empty()
        : Optional.of(
            new Platform(
                platform.get("os").getAsString(), platform.get("architecture").getAsString()));
  }

  /** The image's whole name. What others write as {@code ref.name} can be a tag alone. */
  Optional<String> name() {
    return annotation(CONTAINERD_NAME)
        .or(() -> annotation(OCI_NAME).filter(name -> name.contains("/") || name.contains(":")));
  }

  private Optional<String> annotation(String key) {
    JsonObject annotations = json.getAsJsonObject("annotations");
    return annotations == null || !annotations.has(key)
        ? Optional.empty()
        : Optional.of(annotations.get(key).getAsString());
  }

  /** What it leads to, in the size that it says. */
  Blob blob(ArchiveFiles files) throws IOException {
    if (!Digests.isOne(digest())) {
      throw BrokenArchive.because(
          files.label(), "refers to \"%s\" (expected: sha256:…)".formatted(digest()));
    }
    Blob blob = files.get("blobs/sha256/" + Digests.hex(digest()));
    long size = json.get("size").getAsLong();
    if (blob.size() != size) {
      throw BrokenArchive.because(
          files.label(),
          "is broken: %s has %d bytes instead of %d".formatted(blob.name(), blob.size(), size));
    }
    return blob;
  }

  /** The JSON that it leads to, whose digest is right. */
  JsonObject target(ArchiveFiles files) throws IOException {
    Blob blob = blob(files);
    byte[] content = files.bytes(blob);
    requireDigest(files, blob, Digests.of(content));
    return files.json(blob.name(), content).getAsJsonObject();
  }

  void requireDigest(ArchiveFiles files, Blob blob, String actual) {
    if (!actual.equals(digest())) {
      throw BrokenArchive.because(
          files.label(), "is broken: %s has the digest %s".formatted(blob.name(), actual));
    }
  }
}
