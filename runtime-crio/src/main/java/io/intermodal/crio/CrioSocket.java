package io.intermodal.crio;

import io.intermodal.runtime.CriException;
import io.intermodal.runtime.EngineConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The Unix socket of one CRI-O. Nobody need listen there. */
record CrioSocket(Path path) {
  private static final String SCHEME = "unix://";

  /**
   * The configured one; else the first of the usual ones that exists now; else the first.
   *
   * @throws CriException INVALID_ARGUMENT when what is configured is no Unix socket
   */
  static CrioSocket of(EngineConfig config, List<Path> usual) {
    return new CrioSocket(
        config
            .endpoint()
            .map(CrioSocket::parse)
            .orElseGet(
                () -> usual.stream().filter(Files::exists).findFirst().orElse(usual.getFirst())));
  }

  private static Path parse(String endpoint) {
    if (!endpoint.startsWith(SCHEME + "/")) {
      throw CriException.invalid(
          "crio-endpoint: \"%s\" (expected: unix:///absolute/path)".formatted(endpoint));
    }
    return Path.of(endpoint.substring(SCHEME.length()));
  }

  String endpoint() {
    return SCHEME + path;
  }
}
