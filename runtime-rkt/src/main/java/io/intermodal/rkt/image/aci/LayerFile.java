package io.intermodal.rkt.image.aci;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** A layer as it came from the registry: an archive, compressed with gzip, zstd or not at all. */
final class LayerFile {
  private static final int BUFFER = 64 * 1024;

  private LayerFile() {}

  /** What is done with each entry. */
  @FunctionalInterface
  interface Visitor {
    void visit(TarArchiveEntry entry, int number, InputStream content) throws IOException;
  }

  /**
   * Goes through a layer.
   *
   * @throws IOException when it is broken
   */
  static void visit(Path file, Visitor visitor) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(uncompressed(file), StandardCharsets.UTF_8.name())) {
      int number = 0;
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        visitor.visit(entry, number++, tar);
      }
    }
  }

  // The stream is closed by whoever reads it.
  private static InputStream uncompressed(Path file) throws IOException {
    BufferedInputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER);
    in.mark(4);
    byte[] magic = in.readNBytes(4);
    in.reset();
    if (magic.length >= 2 && magic[0] == 0x1f && magic[1] == (byte) 0x8b) {
      return new BufferedInputStream(new GZIPInputStream(in, BUFFER), BUFFER);
    }
    if (magic.length == 4
        && magic[0] == 0x28
        && magic[1] == (byte) 0xb5
        && magic[2] == 0x2f
        && magic[3] == (byte) 0xfd) {
      return new BufferedInputStream(new ZstdInputStreamNoFinalizer(in), BUFFER);
    }
    return in;
  }
}
