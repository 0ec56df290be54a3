package io.intermodal.tests.engine;

import io.intermodal.tests.image.TestImages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.opentest4j.TestAbortedException;

/** All engines of a run and what they share: the images. */
public final class Engines implements AutoCloseable {
  private final PrivateFolder folder;
  private final List<Engine> engines = new ArrayList<>();
  private final TestImages images;

  private Engines(PrivateFolder folder, TestImages images) {
    this.folder = folder;
    this.images = images;
  }

  /**
   * The socket of {@code -Dcri.endpoint}, or else the dockerd of {@code -Dintermodal.tests.dockerd}
   * (as installed by default) and the one of {@code -Dintermodal.tests.dockerd.newer}.
   */
  public static Engines ofThisHost() {
    PrivateFolder folder = PrivateFolder.create();
    try {
      Engines all = new Engines(folder, TestImages.create(folder.path().resolve("images")));
      all.find();
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void find() {
    String endpoint = System.getProperty("cri.endpoint", "");
    if (!endpoint.isEmpty()) {
      Path socket = Path.of(endpoint.replaceFirst("^unix://", ""));
      engines.add(
          new Engine(endpoint, name -> Node.atSocket(socket, images, folder.path().resolve(name))));
      return;
    }
    dockerd("intermodal.tests.dockerd", "/usr/sbin/dockerd");
    dockerd("intermodal.tests.dockerd.newer", "");
    if (engines.isEmpty()) {
      engines.add(
          new Engine(
              "no engine",
              _ -> {
                throw new TestAbortedException("no dockerd here: apt-get install docker.io");
              }));
    }
  }

  private void dockerd(String property, String otherwise) {
    String path = System.getProperty(property, otherwise);
    if (path.isEmpty() || !Files.isExecutable(Path.of(path))) {
      return;
    }
    DockerProgram program = new DockerProgram(Path.of(path));
    String engineName = "Docker " + program.version();
    engines.add(
        new Engine(
            engineName, name -> Node.onDocker(program, images, folder.path().resolve(name))));
  }

  public List<Engine> all() {
    return List.copyOf(engines);
  }

  @Override
  public void close() {
    for (Engine engine : engines) {
      engine.close();
    }
    images.close();
    folder.close();
  }
}
