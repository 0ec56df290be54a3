package io.intermodal.runtime.images;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Images in the form of {@code docker save}: a tar with {@code manifest.json}, each image's
 * configuration, and layers that are compressed with gzip or not at all. It is known to be whole:
 * every digest has been checked.
 */
public interface ImageArchive {
  /** The images in it, one at least. */
  List<ArchivedImage> images();

  /** The length of the tar in bytes. */
  long size();

  /** The tar from its beginning; may be asked for several times. */
  InputStream open() throws IOException;

  /**
   * An image of the archive.
   *
   * @param id the digest of its configuration: {@code sha256:…}
   * @param names with registry and tag, one at least: {@code docker.io/library/busybox:1.36}
   */
  record ArchivedImage(String id, List<String> names) {
    public ArchivedImage {
      names = List.copyOf(names);
    }
  }
}
