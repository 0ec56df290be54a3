package io.intermodal.server.report;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A server and its engines.
 *
 * @param server empty for a CRI server that is not Intermodal, which says nothing of itself
 * @param engines the default one first
 */
public record NodeReport(Optional<Server> server, List<EngineReport> engines) {
  /**
   * The process that serves.
   *
   * @param version of its build
   * @param since when it began to serve
   */
  public record Server(String version, long pid, Instant since) {}

  /** Whether every engine answers and is ready. */
  public boolean ready() {
    return engines.stream().allMatch(engine -> engine.health() == EngineReport.Health.READY);
  }
}
