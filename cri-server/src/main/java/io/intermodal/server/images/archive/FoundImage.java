package io.intermodal.server.images.archive;

import io.intermodal.server.images.archive.files.Blob;
import java.util.List;
import java.util.Optional;

/**
 * An image of which an archive says that it has it.
 *
 * @param names as they are written there
 * @param layers the lowest first
 */
record FoundImage(List<String> names, ImageConfig config, List<FoundLayer> layers) {
  FoundImage {
    names = List.copyOf(names);
    layers = List.copyOf(layers);
  }

  /**
   * A layer.
   *
   * @param digest of the bytes as they are; empty when the archive does not say it
   */
  record FoundLayer(Blob blob, Optional<String> digest) {}
}
