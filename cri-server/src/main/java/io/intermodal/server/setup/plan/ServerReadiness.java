package io.intermodal.server.setup.plan;

import io.intermodal.runtime.CriException;
import io.intermodal.server.client.CriClient;
import io.intermodal.server.report.EngineReport;
import io.intermodal.server.report.NodeReport;
import io.intermodal.server.report.NodeService;
import io.intermodal.server.setup.change.WantedNode.Readiness;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether a server serves engines, and all of them are ready: runtime and network.
 *
 * @param socket where it listens
 * @param engines which it must serve, the default one first
 */
record ServerReadiness(Path socket, List<String> engines) implements Readiness {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @Override
  public Optional<String> whyNot() {
    NodeReport report;
    try (CriClient cri = new CriClient(socket)) {
      report = NodeService.askEngines(cri, PATIENCE);
    } catch (CriException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
    List<String> served = report.engines().stream().map(EngineReport::name).toList();
    if (!served.equals(engines)) {
      return Optional.of("it serves %s instead of %s".formatted(served, engines));
    }
    return report.ready()
        ? Optional.empty()
        : Optional.of(
            report.engines().stream()
                .filter(engine -> engine.health() != EngineReport.Health.READY)
                .map(engine ->
                    "%s is %s: %s"
                        .formatted(engine.name(), engine.health(), engine.why().orElse("")))
                .collect(Collectors.joining("; ")));
  }
}
