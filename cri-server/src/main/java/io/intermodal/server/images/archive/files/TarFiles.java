package io.intermodal.server.images.archive.files;

import io.intermodal.runtime.CriException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.apache.commons.compress.archivers.tar.TarUtils;

/** A tar in a file. Where its files are is known from the start; their content stays there. */
public final class TarFiles implements ArchiveFiles {
  private static final int MOST_LINKS = 8;

  private final String label;
  private final TarFile tar;
  private final Map<String, TarArchiveEntry> entries;

  private TarFiles(String label, TarFile tar, Map<String, TarArchiveEntry> entries) {
    this.label = label;
    this.tar = tar;
    this.entries = entries;
  }

  /**
   * Finds out what is in it.
   *
   * @param file is closed with this, and when it is no tar
   * @throws CriException when it is no tar, is cut off, or has a name that leads out of it
   */
  public static TarFiles open(String label, FileChannel file) throws IOException {
    try {
      file.position(0);
      requireTar(label, file);
      TarFile tar = read(label, file);
      Map<String, TarArchiveEntry> entries = new HashMap<>();
      for (TarArchiveEntry entry : tar.getEntries()) {
        String name =
            EntryName.of(entry.getName())
                .orElseThrow(() ->
                    BrokenArchive.because(
                        label, "has a file that leads out of it: " + entry.getName()));
        entries.put(name, entry);
      }
      return new TarFiles(label, tar, entries);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** The library reads anything as a tar that looks like one by half. */
  private static void requireTar(String label, FileChannel file) throws IOException {
    ByteBuffer first = ByteBuffer.allocate(TarConstants.DEFAULT_RCDSIZE);
    while (first.hasRemaining() && file.read(first, first.position()) >= 0) {
      // A file gives as much as it has.
    }
    if (first.hasRemaining() || !isHeader(first.array())) {
      throw BrokenArchive.because(
          label,
          "is no image archive (expected: a tar of docker save, an OCI archive or an OCI layout folder)");
    }
  }

  private static boolean isHeader(byte[] block) {
    try {
      return TarUtils.verifyCheckSum(block);
    } catch (IllegalArgumentException e) {
      // Where the sum should be there is no number.
      return false;
    }
  }

  private static TarFile read(String label, FileChannel file) throws IOException {
    try {
      return new TarFile(
          file,
          TarConstants.DEFAULT_BLKSIZE,
          TarConstants.DEFAULT_RCDSIZE,
          StandardCharsets.UTF_8.name(),
          false);
    } catch (EOFException e) {
      throw cutOff(label, e);
    } catch (IOException | IllegalArgumentException e) {
      if (String.valueOf(e.getMessage()).contains("Truncated")) {
        throw cutOff(label, e);
      }
      throw BrokenArchive.because(label, "is a broken tar: " + e.getMessage(), e);
    }
  }

  private static CriException cutOff(String label, Exception e) {
    return BrokenArchive.because(label, "is cut off: it ends in the middle of a file", e);
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public Optional<Blob> find(String name) {
    String at = name;
    for (int links = 0; links < MOST_LINKS; links++) {
      TarArchiveEntry entry = entries.get(at);
      if (entry == null || entry.isDirectory()) {
        return Optional.empty();
      }
      if (!entry.isSymbolicLink() && !entry.isLink()) {
        return Optional.of(new Blob(name, entry.getRealSize(), () -> tar.getInputStream(entry)));
      }
      String from = at;
      at = target(from, entry);
    }
    throw BrokenArchive.because(label, "is broken: %s is a link without an end".formatted(name));
  }

  private String target(String from, TarArchiveEntry entry) {
    String target = entry.getLinkName();
    return (entry.isSymbolicLink() ? EntryName.linked(from, target) : EntryName.of(target))
        .orElseThrow(() ->
            BrokenArchive.because(
                label, "has a link that leads out of it: %s to %s".formatted(from, target)));
  }

  @Override
  public void close() throws IOException {
    tar.close();
  }
}
