package io.intermodal.server.report;

import io.intermodal.server.forward.CriCalls;
import io.intermodal.server.report.EngineReport.Counts;
import io.intermodal.server.report.EngineReport.Kind;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * An engine to report on.
 *
 * @param name "containerd"
 * @param isDefault whether pods that name no engine are its
 * @param kind empty when it is not known
 * @param calls asks it
 * @param socket where it listens; may take a second to find out
 * @param handlerNames how a RuntimeClass calls a handler of the engine's, whose own name is empty
 *     for the default one
 * @param known what to count while it cannot be asked
 */
public record ReportedEngine(
    String name,
    boolean isDefault,
    Optional<Kind> kind,
    CriCalls calls,
    Supplier<Optional<String>> socket,
    Function<String, Set<String>> handlerNames,
    Supplier<Counts> known) {

  /** An engine that is the only one: its handlers are called as it calls them itself. */
  public static ReportedEngine only(
      String name, Optional<Kind> kind, CriCalls calls, Supplier<Optional<String>> socket) {
    return new ReportedEngine(
        name,
        true,
        kind,
        calls,
        socket,
        handler -> handler.isEmpty() ? Set.of() : Set.of(handler),
        () -> Counts.NONE);
  }
}
