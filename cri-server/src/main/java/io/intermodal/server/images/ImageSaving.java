package io.intermodal.server.images;

import io.intermodal.runtime.CriException;
import io.intermodal.runtime.images.ImageArchive.ArchivedImage;
import io.intermodal.runtime.images.ImageArchives;
import io.intermodal.server.images.archive.ArchiveReader;
import io.intermodal.server.images.archive.WholeImage;
import io.intermodal.server.images.archive.writing.DockerArchive;
import io.intermodal.server.images.archive.writing.OciArchive;
import io.intermodal.server.images.progress.Progress;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Saves images of an engine as one archive, in a form of the caller's choice. */
public final class ImageSaving {
  private final Path workFolder;
  private final Progress progress;

  /**
   * @param workFolder for what the engine gives: as large as the images
   */
  public ImageSaving(Path workFolder, Progress progress) {
    this.workFolder = workFolder;
    this.progress = progress;
  }

  /** The form of an archive. */
  public enum Form {
    /** As {@code docker save} writes it. */
    DOCKER,
    /** An OCI image layout in a tar. */
    OCI
  }

  /** Where to write; asked for when there is something to write. */
  @FunctionalInterface
  public interface Destination {
    OutputStream open() throws IOException;
  }

  /**
   * Saves them. The destination is closed when it is whole.
   *
   * @param images with the names that they are to have
   * @throws CriException in words for people
   * @throws IOException when it cannot be written
   */
  public void save(
      List<ArchivedImage> images, ImageArchives engine, Form form, Destination destination)
      throws IOException {
    List<ArchiveReader> open = new ArrayList<>();
    try {
      List<WholeImage> whole = new ArrayList<>();
      for (ArchivedImage image : images) {
        ArchiveReader reader = given(image, engine);
        open.add(reader);
        whole.add(chosen(image, reader.images()).named(image.names()));
      }
      write(whole, form, destination);
    } finally {
      progress.end();
      for (ArchiveReader reader : open) {
        reader.close();
      }
    }
  }

  private ArchiveReader given(ArchivedImage image, ImageArchives engine) throws IOException {
    String name = image.names().getFirst();
    FileChannel file = ArchiveReader.workFile(workFolder);
    try {
      progress.begin("reading " + name, 0);
      // Closing the stream would close the file, which is read next.
      engine.save(image.id(), new Counted(Channels.newOutputStream(file), progress));
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
    return ArchiveReader.open(file, name, progress);
  }

  /** An engine may add others; and it may know the image by another id than its configuration's. */
  private static WholeImage chosen(ArchivedImage wanted, List<WholeImage> images) {
    if (images.size() == 1) {
      return images.getFirst();
    }
    return images.stream()
        .filter(image -> image.id().endsWith(wanted.id()))
        .findFirst()
        .orElseThrow(() ->
            new CriException(
                CriException.Code.UNKNOWN,
                "image %s: the engine gave others".formatted(wanted.names().getFirst())));
  }

  private void write(List<WholeImage> images, Form form, Destination destination)
      throws IOException {
    long size;
    InputStream tar;
    switch (form) {
      case DOCKER -> {
        DockerArchive archive = DockerArchive.of(images);
        size = archive.size();
        tar = archive.open();
      }
      case OCI -> {
        OciArchive archive = OciArchive.of(images);
        size = archive.size();
        tar = archive.open();
      }
      default -> throw new IllegalArgumentException(form.toString());
    }
    progress.begin("writing", size);
    try (InputStream in = progress.counted(tar);
        OutputStream out = destination.open()) {
      long _ = in.transferTo(out);
    }
  }

  /** Tells how much is written. */
  private static final class Counted extends FilterOutputStream {
    private final Progress progress;

    Counted(OutputStream out, Progress progress) {
      super(out);
      this.progress = progress;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      progress.moved(length);
    }
  }
}
