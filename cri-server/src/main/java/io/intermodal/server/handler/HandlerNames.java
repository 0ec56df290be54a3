package io.intermodal.server.handler;

import io.intermodal.runtime.CriException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which engine a runtime handler names, so that a RuntimeClass picks the engine of its pods: {@code
 * containerd}, {@code containerd/kata}, or a name that was configured to mean one of these. Every
 * other name, and none, is the default engine's own matter.
 */
public final class HandlerNames {
  private static final String SEPARATOR = "/";

  private final List<String> served;
  private final Map<String, String> configured;
  private final Set<String> engines;

  /**
   * @param served the engines that are served, the default one first
   * @param configured names, and what they mean: {@code containerd/kata}
   * @param engines the names of all engines, those too that are not served here
   */
  public HandlerNames(List<String> served, Map<String, String> configured, Set<String> engines) {
    this.served = List.copyOf(served);
    this.configured = Map.copyOf(configured);
    this.engines = Set.copyOf(engines);
  }

  /** Of one engine, by its own name alone. */
  public static HandlerNames of(String engine) {
    return new HandlerNames(List.of(engine), Map.of(), Set.of(engine));
  }

  /**
   * What a handler means.
   *
   * @param engine one that is served
   * @param handler as the engine knows it; empty for the engine's default
   */
  public record Meaning(String engine, String handler) {}

  /**
   * What a request's handler means.
   *
   * @throws CriException INVALID_ARGUMENT when it names an engine that is not served here
   */
  public Meaning meaning(String handler) {
    String meant = configured.getOrDefault(handler, handler);
    int end = meant.indexOf(SEPARATOR);
    String engine = end < 0 ? meant : meant.substring(0, end);
    if (served.contains(engine)) {
      return new Meaning(engine, end < 0 ? "" : meant.substring(end + 1));
    }
    if (engines.contains(engine) || !meant.equals(handler)) {
      throw CriException.invalid(
          "runtime handler \"%s\" means engine %s, which is not served here (served: %s): add it to --container-runtime"
              .formatted(handler, engine, String.join(", ", served)));
    }
    return new Meaning(served.getFirst(), handler);
  }

  /** How a handler of an engine is called from outside; the default engine's also without this. */
  public Set<String> namesOf(String engine, String handler) {
    String full = handler.isEmpty() ? engine : engine + SEPARATOR + handler;
    Set<String> names =
        configured.entrySet().stream()
            .filter(name -> name.getValue().equals(full))
            .map(Map.Entry::getKey)
            .collect(Collectors.toCollection(TreeSet::new));
    names.add(full);
    return names;
  }
}
