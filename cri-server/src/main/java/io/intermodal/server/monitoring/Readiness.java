package io.intermodal.server.monitoring;

import io.intermodal.cri.v1.RuntimeCondition;
import io.intermodal.cri.v1.StatusResponse;
import io.intermodal.runtime.CriException;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Whether pods can be run now: what CRI's Status tells a kubelet. */
final class Readiness {
  private final Supplier<StatusResponse> status;

  /**
   * @param status asks for it; throws what a caller of CRI would be told
   */
  Readiness(Supplier<StatusResponse> status) {
    this.status = status;
  }

  /** The conditions that do not hold, a line for each; empty when all do. */
  Optional<String> trouble() {
    try {
      String lines =
          status.get().getStatus().getConditionsList().stream()
              .filter(condition -> !condition.getStatus())
              .map(Readiness::line)
              .collect(Collectors.joining("\n"));
      return Optional.of(lines).filter(text -> !text.isEmpty());
    } catch (CriException e) {
      return Optional.of("Status failed: " + e.getMessage());
    }
  }

  private static String line(RuntimeCondition condition) {
    return "not %s: %s: %s"
        .formatted(condition.getType(), condition.getReason(), condition.getMessage());
  }
}
