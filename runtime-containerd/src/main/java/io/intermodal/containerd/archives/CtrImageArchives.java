package io.intermodal.containerd.archives;

import io.intermodal.runtime.images.ImageArchive;
import io.intermodal.runtime.images.ImageArchives;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The images of containerd's CRI as archives. They are those of one namespace of containerd's; its
 * CRI plugin sees a new image there by itself and marks it as its own, so that lists show it and a
 * kubelet's clean-up finds it.
 */
public final class CtrImageArchives implements ImageArchives {
  /** Not configurable, in any version. */
  private static final String NAMESPACE = "k8s.io";

  private static final String STANDARD_STREAM = "-";

  private final List<String> ctr;

  /**
   * @param program {@code ctr}, best in the version of the daemon
   * @param socket the daemon's
   */
  public CtrImageArchives(Path program, Path socket) {
    this.ctr =
        List.of(program.toString(), "--address", socket.toString(), "--namespace", NAMESPACE);
  }

  /** All platforms: an image for another one is the caller's to judge, and would be left out. */
  @Override
  public void load(ImageArchive archive) throws IOException {
    try (InputStream tar = archive.open()) {
      new CtrRun(command("images", "import", "--all-platforms", STANDARD_STREAM)).feed(tar);
    }
  }

  /** The CRI plugin keeps each image under its id too, beside its names. */
  @Override
  public void save(String id, OutputStream into) throws IOException {
    new CtrRun(command("images", "export", STANDARD_STREAM, id)).drain(into);
  }

  private List<String> command(String... words) {
    return Stream.concat(ctr.stream(), Stream.of(words)).toList();
  }
}
