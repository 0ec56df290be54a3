package io.intermodal.rkt.image.aci;

import com.google.gson.JsonObject;
import io.intermodal.rkt.image.aci.MergedFiles.MergedFile;
import io.intermodal.rkt.image.aci.MergedFiles.MergedFolder;
import io.intermodal.rkt.image.aci.MergedFiles.Source;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Writes an archive in rkt's form from the layers of an image. They are read twice: for what there
 * is, and for the content of what stays.
 */
public final class AciFile {
  private static final String ROOT = "rootfs";
  private static final String PASSWD = "/etc/passwd";
  private static final String GROUP = "/etc/group";
  private static final int LONGEST_KEPT = 64 * 1024;
  private static final int USUAL_MODE = 0755;

  private AciFile() {}

  /**
   * What an archive is made from.
   *
   * @param imageId the digest of the configuration
   * @param repository the image's name without tag
   * @param config the configuration as the registry has it
   * @param layers in files, the lowest first
   */
  public record Parts(String imageId, String repository, JsonObject config, List<Path> layers) {}

  /**
   * Writes the archive.
   *
   * @throws IOException when a layer is broken, or the file cannot be written
   */
  public static void write(Parts parts, Path file) throws IOException {
    MergedFiles merged = new MergedFiles();
    for (Path layer : parts.layers()) {
      merged.nextLayer();
      LayerFile.visit(layer, (entry, number, _) -> merged.add(entry, number));
    }
    Map<Source, MergedFile> files = merged.files();
    Map<String, String> kept = kept(parts.layers(), files);
    String manifest =
        AciManifest.json(
            parts.imageId(),
            parts.repository(),
            parts.config(),
            kept.getOrDefault(PASSWD, ""),
            kept.getOrDefault(GROUP, ""));
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(
            new BufferedOutputStream(Files.newOutputStream(file), LONGEST_KEPT),
            StandardCharsets.UTF_8.name())) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      tar.setAddPaxHeadersForNonAsciiNames(true);
      writeManifest(tar, manifest);
      for (MergedFolder folder : merged.folders()) {
        writeFolder(tar, folder);
      }
      for (int layer = 0; layer < parts.layers().size(); layer++) {
        int number = layer;
        LayerFile.visit(
            parts.layers().get(layer),
            (_, entry, content) -> {
              MergedFile wanted = files.get(new Source(number, entry));
              if (wanted != null) {
                writeFile(tar, wanted, content);
              }
            });
      }
    }
  }

  /** The content of the few files that are looked at. */
  private static Map<String, String> kept(List<Path> layers, Map<Source, MergedFile> files)
      throws IOException {
    Map<Source, String> wanted = new HashMap<>();
    files.forEach((source, file) -> {
      for (String path : List.of(PASSWD, GROUP)) {
        if (file.paths().contains(path) && hasContent(file.entry())) {
          wanted.put(source, path);
        }
      }
    });
    Map<String, String> kept = new HashMap<>();
    for (int layer = 0; layer < layers.size(); layer++) {
      int number = layer;
      if (wanted.keySet().stream().anyMatch(source -> source.layer() == number)) {
        LayerFile.visit(
            layers.get(layer),
            (_, entry, content) -> {
              String path = wanted.get(new Source(number, entry));
              if (path != null) {
                kept.put(
                    path, new String(content.readNBytes(LONGEST_KEPT), StandardCharsets.UTF_8));
              }
            });
      }
    }
    return kept;
  }

  private static void writeManifest(TarArchiveOutputStream tar, String manifest)
      throws IOException {
    byte[] bytes = manifest.getBytes(StandardCharsets.UTF_8);
    TarArchiveEntry entry = new TarArchiveEntry("manifest");
    entry.setSize(bytes.length);
    entry.setModTime(0);
    tar.putArchiveEntry(entry);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }

  private static void writeFolder(TarArchiveOutputStream tar, MergedFolder folder)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(ROOT + folder.path() + "/");
    entry.setMode(USUAL_MODE);
    entry.setModTime(0);
    if (folder.entry() != null) {
      copyAttributes(folder.entry(), entry);
    }
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }

  private static void writeFile(TarArchiveOutputStream tar, MergedFile file, InputStream content)
      throws IOException {
    TarArchiveEntry from = file.entry();
    String first = ROOT + file.paths().getFirst();
    TarArchiveEntry entry =
        new TarArchiveEntry(first, hasContent(from) ? TarConstants.LF_NORMAL : from.getLinkFlag());
    copyAttributes(from, entry);
    entry.setLinkName(from.isSymbolicLink() ? from.getLinkName() : "");
    entry.setDevMajor(from.getDevMajor());
    entry.setDevMinor(from.getDevMinor());
    entry.setSize(hasContent(from) ? from.getRealSize() : 0);
    tar.putArchiveEntry(entry);
    if (hasContent(from)) {
      content.transferTo(tar);
    }
    tar.closeArchiveEntry();
    for (String name : file.paths().subList(1, file.paths().size())) {
      TarArchiveEntry link = new TarArchiveEntry(ROOT + name, TarConstants.LF_LINK);
      copyAttributes(from, link);
      link.setLinkName(first);
      link.setSize(0);
      tar.putArchiveEntry(link);
      tar.closeArchiveEntry();
    }
  }

  /** The library calls everything a file that is no folder. */
  private static boolean hasContent(TarArchiveEntry entry) {
    return !entry.isDirectory()
        && !entry.isSymbolicLink()
        && !entry.isLink()
        && !entry.isCharacterDevice()
        && !entry.isBlockDevice()
        && !entry.isFIFO();
  }

  private static void copyAttributes(TarArchiveEntry from, TarArchiveEntry to) {
    to.setMode(from.getMode());
    to.setUserId(from.getLongUserId());
    to.setGroupId(from.getLongGroupId());
    to.setModTime(from.getLastModifiedTime());
    from.getExtraPaxHeaders()
        .forEach((name, value) -> {
          if (name.startsWith("SCHILY.xattr.")) {
            to.addPaxHeader(name, value);
          }
        });
  }
}
