package io.intermodal.server.images;

import io.intermodal.runtime.CriException;
import io.intermodal.runtime.contract.ImageReference;
import io.intermodal.runtime.images.ImageArchive;
import io.intermodal.runtime.images.ImageArchive.ArchivedImage;
import io.intermodal.runtime.images.ImageArchives;
import io.intermodal.server.images.archive.ArchiveReader;
import io.intermodal.server.images.archive.Platform;
import io.intermodal.server.images.archive.WholeImage;
import io.intermodal.server.images.archive.writing.DockerArchive;
import io.intermodal.server.images.progress.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Loads archives of images into engines: archives of {@code docker save}, OCI archives and OCI
 * layout folders, each as it is or compressed. An archive is read to its end before an engine is
 * given any of it; one that is broken leaves nothing behind.
 */
public final class ImageLoading {
  private final Path workFolder;
  private final Progress progress;
  private final Consumer<String> warnings;

  /**
   * @param workFolder for what must be a file on its way; it need not be there yet
   * @param warnings is told in a sentence what is odd and no reason to stop
   */
  public ImageLoading(Path workFolder, Progress progress, Consumer<String> warnings) {
    this.workFolder = workFolder;
    this.progress = progress;
    this.warnings = warnings;
  }

  /** Where what is on its way is kept, below the folder of the server's state. */
  public static Path workFolder(Path stateDirectory) {
    return stateDirectory.resolve("archives");
  }

  /** An engine to load into, by its name. */
  public record Target(String engine, ImageArchives archives) {}

  /**
   * Loads a file or a folder.
   *
   * @param name for an archive of one image that has none, or another; empty keeps the archive's
   * @param targets loaded one after the other
   * @return what the engines have now, with whole names
   * @throws CriException in words for people; its code says whose fault it is
   * @throws IOException when the archive cannot be read
   */
  public List<ArchivedImage> load(Path file, Optional<String> name, List<Target> targets)
      throws IOException {
    try (ArchiveReader reader = ArchiveReader.open(file, workFolder, progress)) {
      return load(reader, file.toString(), name, targets);
    } finally {
      progress.end();
    }
  }

  /** The same for a stream: standard input. */
  public List<ArchivedImage> load(
      InputStream in, String label, Optional<String> name, List<Target> targets)
      throws IOException {
    try (ArchiveReader reader = ArchiveReader.open(in, label, workFolder, progress)) {
      return load(reader, label, name, targets);
    } finally {
      progress.end();
    }
  }

  private List<ArchivedImage> load(
      ArchiveReader reader, String label, Optional<String> name, List<Target> targets)
      throws IOException {
    List<WholeImage> images = named(label, reader.images(), name);
    progress.end();
    images.forEach(image -> warnOfPlatform(label, image));
    DockerArchive archive = DockerArchive.of(images);
    for (Target target : targets) {
      progress.begin("loading " + label + " into " + target.engine(), archive.size());
      target.archives().load(new Counted(archive, progress));
      progress.end();
    }
    return archive.images();
  }

  private static List<WholeImage> named(
      String label, List<WholeImage> images, Optional<String> name) {
    if (name.isPresent()) {
      if (images.size() > 1) {
        throw CriException.invalid(
            "%s has %d images, which cannot all be called %s: leave out --name"
                .formatted(label, images.size(), name.get()));
      }
      String whole = ImageReference.parse(name.get()).toString();
      return List.of(images.getFirst().named(List.of(whole)));
    }
    return images.stream().map(image -> image.named(wholeNames(label, image))).toList();
  }

  private static List<String> wholeNames(String label, WholeImage image) {
    List<String> names = new ArrayList<>();
    for (String written : image.names()) {
      ImageReference reference = ImageReference.parse(written);
      // A digest is of a registry's manifest, and an archive has none.
      if (reference.digest().isEmpty() && !names.contains(reference.toString())) {
        names.add(reference.toString());
      }
    }
    if (names.isEmpty()) {
      throw CriException.invalid(
          "%s has an image without a name (%s): give it one with --name"
              .formatted(label, image.id()));
    }
    return names;
  }

  private void warnOfPlatform(String label, WholeImage image) {
    Platform host = Platform.ofHost();
    if (!image.platform().equals(host)) {
      warnings.accept(
          "%s: %s is for %s, and this node is %s: its programs will not run here"
              .formatted(label, image.names().getFirst(), image.platform(), host));
    }
  }

  /** An archive of which it is told how much was read. */
  private record Counted(ImageArchive archive, Progress progress) implements ImageArchive {
    @Override
    public List<ArchivedImage> images() {
      return archive.images();
    }

    @Override
    public long size() {
      return archive.size();
    }

    @Override
    public InputStream open() throws IOException {
      return progress.counted(archive.open());
    }
  }
}
