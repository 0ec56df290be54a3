package io.intermodal.crio.archives;

import io.intermodal.runtime.images.ImageArchive;
import io.intermodal.runtime.images.ImageArchive.ArchivedImage;
import io.intermodal.runtime.images.ImageArchives;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * CRI-O's images as archives. CRI-O has no call for them, but others may put images into its
 * storage, which is locked for as long as it takes, and it sees them there at once.
 */
public final class SkopeoImageArchives implements ImageArchives {
  private static final String FORM = "docker-archive:";

  /** A signature is for what comes from elsewhere; whoever may write this storage is root. */
  private static final String NO_POLICY = "--insecure-policy";

  private final Path skopeo;
  private final Storage storage;
  private final Path workFolder;

  /**
   * @param skopeo the program
   * @param storage of the CRI-O that runs
   * @param workFolder for the archive: skopeo reads it in no order
   */
  public SkopeoImageArchives(Path skopeo, Storage storage, Path workFolder) {
    this.skopeo = skopeo;
    this.storage = storage;
    this.workFolder = workFolder;
  }

  @Override
  public void load(ImageArchive archive) throws IOException {
    Files.createDirectories(workFolder);
    Path file = Files.createTempFile(workFolder, "images", ".tar");
    // For Ctrl-C.
    file.toFile().deleteOnExit();
    try {
      try (InputStream tar = archive.open()) {
        long _ = Files.copy(tar, file, StandardCopyOption.REPLACE_EXISTING);
      }
      for (ArchivedImage image : archive.images()) {
        for (String name : image.names()) {
          new SkopeoRun(copy(FORM + file + ":" + name, storage.image(name))).run();
        }
      }
    } finally {
      Files.delete(file);
    }
  }

  @Override
  public void save(String id, OutputStream into) throws IOException {
    String bare = id.replaceFirst("^sha256:", "");
    new SkopeoRun(copy(storage.image("@" + bare), FORM + "/dev/stdout")).drain(into);
  }

  private List<String> copy(String from, String to) {
    List<String> command = new ArrayList<>(List.of(skopeo.toString(), NO_POLICY));
    command.addAll(List.of("copy", "--quiet", from, to));
    return command;
  }
}
