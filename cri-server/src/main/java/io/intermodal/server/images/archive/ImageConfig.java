package io.intermodal.server.images.archive;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.protobuf.ByteString;
import io.intermodal.server.images.archive.files.ArchiveFiles;
import io.intermodal.server.images.archive.files.Blob;
import io.intermodal.server.images.archive.files.BrokenArchive;
import io.intermodal.server.images.archive.files.Digests;
import java.util.List;

/**
 * An image's configuration, as OCI and Docker both have it.
 *
 * @param content its bytes, which make the id
 * @param id their digest
 * @param diffIds the digests of the layers' tars, the lowest first
 */
record ImageConfig(ByteString content, String id, List<String> diffIds, Platform platform) {
  ImageConfig {
    diffIds = List.copyOf(diffIds);
  }

  static ImageConfig read(ArchiveFiles files, Blob blob) throws java.io.IOException {
    byte[] bytes = files.bytes(blob);
    try {
      JsonObject json = files.json(blob.name(), bytes).getAsJsonObject();
      List<String> diffIds =
          json.getAsJsonObject("rootfs").getAsJsonArray("diff_ids").asList().stream()
              .map(JsonElement::getAsString)
              .toList();
      return new ImageConfig(
          ByteString.copyFrom(bytes),
          Digests.of(bytes),
          diffIds,
          new Platform(text(json, "os", "linux"), text(json, "architecture", "")));
    } catch (IllegalStateException | ClassCastException | NullPointerException e) {
      throw BrokenArchive.because(
          files.label(), "has no image: %s is no configuration of one".formatted(blob.name()), e);
    }
  }

  private static String text(JsonObject json, String name, String otherwise) {
    return json.has(name) ? json.get(name).getAsString() : otherwise;
  }
}
