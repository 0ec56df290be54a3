package io.intermodal.containerd;

import io.intermodal.runtime.CriException;
import io.intermodal.runtime.EngineConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The Unix socket of one containerd. Nobody need listen there. */
record ContainerdSocket(Path path) {
  private static final String SCHEME = "unix://";

  /**
   * What the socket of the containerd that dockerd starts for itself ends with, rootless or not.
   */
  private static final Path DOCKERS_OWN = Path.of("docker/containerd/containerd.sock");

  /**
   * The configured one; else the first of the usual ones that exists now; else the first.
   *
   * @throws CriException INVALID_ARGUMENT when what is configured is no Unix socket
   */
  static ContainerdSocket of(EngineConfig config, List<Path> usual) {
    return new ContainerdSocket(
        config
            .endpoint()
            .map(ContainerdSocket::parse)
            .orElseGet(
                () -> usual.stream().filter(Files::exists).findFirst().orElse(usual.getFirst())));
  }

  private static Path parse(String endpoint) {
    if (!endpoint.startsWith(SCHEME + "/")) {
      throw CriException.invalid(
          "containerd-endpoint: \"%s\" (expected: unix:///absolute/path)".formatted(endpoint));
    }
    return Path.of(endpoint.substring(SCHEME.length()));
  }

  String endpoint() {
    return SCHEME + path;
  }

  /** Whether dockerd runs the containerd there, for itself and without CRI. */
  boolean isDockersOwn() {
    return path.endsWith(DOCKERS_OWN);
  }
}
