package io.intermodal.server.images.archive;

import io.intermodal.runtime.CriException;
import io.intermodal.server.images.archive.files.ArchiveFiles;
import io.intermodal.server.images.archive.files.BrokenArchive;
import io.intermodal.server.images.archive.files.Compression;
import io.intermodal.server.images.archive.files.Expanding;
import io.intermodal.server.images.archive.files.FolderFiles;
import io.intermodal.server.images.archive.files.SpooledFile;
import io.intermodal.server.images.archive.files.TarFiles;
import io.intermodal.server.images.progress.Progress;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * An archive of images, open: of {@code docker save}, an OCI archive or an OCI layout folder; as it
 * is or compressed with gzip or zstd. What it gives out can be read until it is closed.
 */
public final class ArchiveReader implements AutoCloseable {
  private static final int BUFFER = 256 * 1024;

  private final ArchiveFiles files;
  private final Progress progress;

  private ArchiveReader(ArchiveFiles files, Progress progress) {
    this.files = files;
    this.progress = progress;
  }

  /**
   * Opens a file or a folder. A compressed file is expanded first.
   *
   * @param workFolder for what must be a file on its way, as large as the expanded archive
   * @throws CriException when it is no archive or a broken one, in words for people
   * @throws IOException when it cannot be read
   */
  public static ArchiveReader open(Path file, Path workFolder, Progress progress)
      throws IOException {
    String label = file.toString();
    if (Files.isDirectory(file)) {
      return new ArchiveReader(new FolderFiles(label, file), progress);
    }
    if (!Files.isRegularFile(file)) {
      try (InputStream in = Files.newInputStream(file)) {
        return open(in, label, workFolder, progress);
      } catch (NoSuchFileException e) {
        throw new CriException(
            CriException.Code.NOT_FOUND, "%s: there is no such file".formatted(label), e);
      }
    }
    if (compression(file) == Compression.NONE) {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      return new ArchiveReader(TarFiles.open(label, channel), progress);
    }
    progress.begin("expanding " + label, Files.size(file));
    try (InputStream in = progress.counted(Files.newInputStream(file))) {
      return spooled(in, label, workFolder, progress);
    }
  }

  /** The same for a stream, which is kept in a file. */
  public static ArchiveReader open(InputStream in, String label, Path workFolder, Progress progress)
      throws IOException {
    progress.begin("reading " + label, 0);
    return spooled(progress.counted(in), label, workFolder, progress);
  }

  /** For what an engine wrote into a file of {@link #workFile}, which is closed with this. */
  public static ArchiveReader open(FileChannel file, String label, Progress progress)
      throws IOException {
    return new ArchiveReader(TarFiles.open(label, file), progress);
  }

  /** A file without a name, to be written from the beginning. */
  public static FileChannel workFile(Path workFolder) throws IOException {
    return SpooledFile.create(workFolder);
  }

  private static ArchiveReader spooled(
      InputStream in, String label, Path workFolder, Progress progress) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(in, BUFFER);
    Compression compression = Compression.of(buffered);
    InputStream expanded;
    try {
      expanded = compression.expanded(buffered);
    } catch (IOException e) {
      throw unreadable(label, e);
    }
    FileChannel file;
    try {
      file = SpooledFile.of(new Expanding(expanded), workFolder, label);
    } catch (Expanding.Failure e) {
      throw unreadable(label, e);
    }
    return new ArchiveReader(TarFiles.open(label, file), progress);
  }

  private static CriException unreadable(String label, IOException e) {
    return BrokenArchive.because(
        label, "is broken or cut off: it cannot be expanded (%s)".formatted(e.getMessage()), e);
  }

  private static Compression compression(Path file) throws IOException {
    try (BufferedInputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return Compression.of(in);
    }
  }

  /**
   * The images in it, after all of them have been read once.
   *
   * @throws CriException when one of them is not whole, or not for this host while it is for
   *     several others
   */
  public List<WholeImage> images() throws IOException {
    List<FoundImage> found;
    if (files.find(DockerManifest.FILE).isPresent()) {
      found = DockerManifest.read(files);
    } else if (files.find(OciIndex.FILE).isPresent()) {
      found = OciIndex.read(files, Platform.ofHost());
    } else {
      throw BrokenArchive.because(
          files.label(),
          "is no image archive: it has neither manifest.json (docker save) nor index.json (OCI)");
    }
    if (found.isEmpty()) {
      throw BrokenArchive.because(files.label(), "has no image in it");
    }
    return new WholeCheck(files.label(), progress).of(found);
  }

  @Override
  public void close() throws IOException {
    files.close();
  }
}
