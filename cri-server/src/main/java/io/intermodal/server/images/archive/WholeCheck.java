package io.intermodal.server.images.archive;

import io.intermodal.server.images.archive.FoundImage.FoundLayer;
import io.intermodal.server.images.archive.WholeImage.WholeLayer;
import io.intermodal.server.images.archive.files.Blob;
import io.intermodal.server.images.archive.files.BrokenArchive;
import io.intermodal.server.images.archive.files.Compression;
import io.intermodal.server.images.archive.files.Digests;
import io.intermodal.server.images.progress.Progress;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads every layer once, so that an engine is never given half an image: is it there to its end,
 * and is it the one that the configuration means?
 */
final class WholeCheck {
  private static final int BUFFER = 256 * 1024;

  private final String label;
  private final Progress progress;
  private final Map<String, WholeLayer> read = new HashMap<>();

  WholeCheck(String label, Progress progress) {
    this.label = label;
    this.progress = progress;
  }

  List<WholeImage> of(List<FoundImage> images) throws IOException {
    Map<String, Long> sizes = new HashMap<>();
    for (FoundImage image : images) {
      image.layers().forEach(layer -> sizes.put(layer.blob().name(), layer.blob().size()));
    }
    progress.begin("checking " + label, sizes.values().stream().mapToLong(Long::longValue).sum());
    List<WholeImage> whole = new ArrayList<>();
    for (FoundImage image : images) {
      whole.add(whole(image));
    }
    return whole;
  }

  private WholeImage whole(FoundImage image) throws IOException {
    ImageConfig config = image.config();
    if (config.diffIds().size() != image.layers().size()) {
      throw BrokenArchive.because(
          label,
          "is broken: image %s has %d layers, and its configuration names %d"
              .formatted(config.id(), image.layers().size(), config.diffIds().size()));
    }
    List<WholeLayer> layers = new ArrayList<>();
    for (int i = 0; i < image.layers().size(); i++) {
      layers.add(whole(image.layers().get(i), config.diffIds().get(i)));
    }
    return new WholeImage(config.id(), image.names(), config.platform(), config.content(), layers);
  }

  private WholeLayer whole(FoundLayer found, String diffId) throws IOException {
    Blob blob = found.blob();
    WholeLayer layer = read.get(blob.name());
    if (layer == null) {
      layer = read(blob);
      read.put(blob.name(), layer);
    }
    if (found.digest().isPresent()) {
      require(blob, "digest", found.digest().get(), layer.digest());
    }
    require(blob, "content's digest", diffId, layer.diffId());
    return layer;
  }

  private void require(Blob blob, String what, String expected, String actual) {
    if (!actual.equals(expected)) {
      throw BrokenArchive.because(
          label,
          "is broken: the %s of layer %s is %s (expected: %s)"
              .formatted(what, blob.name(), actual, expected));
    }
  }

  private WholeLayer read(Blob blob) throws IOException {
    try (DigestInputStream raw = Digests.watched(progress.counted(blob.open()));
        BufferedInputStream in = new BufferedInputStream(raw, BUFFER)) {
      Compression compression = Compression.of(in);
      if (compression == Compression.NONE) {
        long size = Digests.drain(in);
        requireLength(blob, size);
        String digest = Digests.of(raw);
        return new WholeLayer(blob, compression, digest, digest, size);
      }
      try (InputStream expanded = expanded(blob, compression, in);
          DigestInputStream tar = Digests.watched(expanded)) {
        long size = drain(blob, tar);
        long _ = Digests.drain(in);
        return new WholeLayer(blob, compression, Digests.of(raw), Digests.of(tar), size);
      }
    }
  }

  /** A tar's reader takes the end of the file for the end of what it reads. */
  private void requireLength(Blob blob, long size) {
    if (size != blob.size()) {
      throw BrokenArchive.because(
          label, "is cut off: it ends in the middle of %s".formatted(blob.name()));
    }
  }

  private InputStream expanded(Blob blob, Compression compression, InputStream in) {
    try {
      return compression.expanded(in);
    } catch (IOException e) {
      throw unreadable(blob, e);
    }
  }

  private long drain(Blob blob, InputStream tar) {
    try {
      return Digests.drain(tar);
    } catch (IOException e) {
      throw unreadable(blob, e);
    }
  }

  private RuntimeException unreadable(Blob blob, IOException e) {
    return BrokenArchive.because(
        label, "is broken: layer %s cannot be read (%s)".formatted(blob.name(), e.getMessage()), e);
  }
}
