package io.intermodal.server.images;

import io.intermodal.runtime.ContainerEngine;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.EngineConfig;
import io.intermodal.runtime.images.ImageArchives;
import io.intermodal.server.client.CriClient;
import io.intermodal.server.report.EngineReport;
import io.intermodal.server.report.NodeService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** The engines behind a server of ours, as it tells them, and the ways to each of them. */
public final class ServedEngines {
  /** The word for each of them. */
  public static final String ALL = "all";

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final List<EngineReport> engines;
  private final List<ContainerEngine> known;

  private ServedEngines(List<EngineReport> engines, List<ContainerEngine> known) {
    this.engines = engines;
    this.known = known;
  }

  /**
   * Asks the server.
   *
   * @param known those of this build
   * @throws CriException UNIMPLEMENTED when the server is another one's, UNAVAILABLE when nobody
   *     answers
   */
  public static ServedEngines of(CriClient server, List<ContainerEngine> known) {
    try {
      return new ServedEngines(NodeService.askEngines(server, PATIENCE).engines(), known);
    } catch (CriException e) {
      throw e.code() == CriException.Code.UNIMPLEMENTED
          ? CriException.unimplemented(
              "CRI has no call for archives, and the server on this socket is not intermodal's, which knows a way: use the engine's own command")
          : e;
    }
  }

  /** Whether it is one of several, so that requests have to say which one they mean. */
  public boolean areSeveral() {
    return engines.size() > 1;
  }

  /**
   * Those that are meant.
   *
   * @param word an engine's name, {@link #ALL}, or empty for the default one
   * @throws CriException INVALID_ARGUMENT when it is not served
   */
  public List<EngineReport> meantBy(String word) {
    if (word.equals(ALL)) {
      return engines;
    }
    return engines.stream()
        .filter(engine -> word.isEmpty() ? engine.isDefault() : engine.name().equals(word))
        .findFirst()
        .map(List::of)
        .orElseThrow(() ->
            CriException.invalid(
                "--container-runtime: \"%s\" is not served here (expected: %s or %s)"
                    .formatted(
                        word,
                        engines.stream().map(EngineReport::name).collect(Collectors.joining(", ")),
                        ALL)));
  }

  /**
   * The way to an engine's images as archives.
   *
   * @throws CriException UNIMPLEMENTED with the cure when there is none
   */
  public ImageArchives archives(EngineReport engine, Path workFolder) {
    return known.stream()
        .filter(one -> one.name().equals(engine.name()))
        .findFirst()
        .orElseThrow(() -> CriException.unimplemented("this build does not know " + engine.name()))
        .imageArchives(new EngineConfig(engine.socket()), workFolder);
  }
}
