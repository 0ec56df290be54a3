package io.intermodal.server.images.archive;

import com.google.protobuf.ByteString;
import io.intermodal.server.images.archive.files.Blob;
import io.intermodal.server.images.archive.files.Compression;
import java.util.List;

/**
 * An image of an archive, of which everything is there.
 *
 * @param id the digest of its configuration: {@code sha256:…}
 * @param names as the archive has them, or as it is to have them
 * @param config its configuration
 * @param layers the lowest first
 */
public record WholeImage(
    String id, List<String> names, Platform platform, ByteString config, List<WholeLayer> layers) {
  public WholeImage {
    names = List.copyOf(names);
    layers = List.copyOf(layers);
  }

  /** The same image under other names. */
  public WholeImage named(List<String> others) {
    return new WholeImage(id, others, platform, config, layers);
  }

  /**
   * A layer.
   *
   * @param blob its bytes as they are
   * @param compression of these bytes
   * @param digest of these bytes
   * @param diffId the digest of the tar in them
   * @param tarSize how many bytes the tar has
   */
  public record WholeLayer(
      Blob blob, Compression compression, String digest, String diffId, long tarSize) {}
}
