package io.intermodal.server.report;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An engine, as it was a moment ago.
 *
 * @param name "containerd"
 * @param isDefault whether pods that name no engine are its
 * @param kind empty when it is not known
 * @param version its own; empty while it does not say
 * @param socket where it listens, or its command; empty when it is not known
 * @param why it is not ready or away, in one sentence; empty when it is ready
 * @param runtimeHandlers as a RuntimeClass would name them, sorted
 * @param calls how it has answered callers; empty when nobody has called it yet, or nobody counts
 */
public record EngineReport(
    String name,
    boolean isDefault,
    Optional<Kind> kind,
    Optional<String> version,
    Optional<String> socket,
    Health health,
    Optional<String> why,
    List<String> runtimeHandlers,
    Counts counts,
    Optional<CallTimes> calls) {

  /** How it is served. */
  public enum Kind {
    /** Its own API is translated. */
    TRANSLATED("translated"),
    /** It speaks CRI. */
    FORWARDED("forwarded");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** As it is shown and written. */
    @Override
    public String toString() {
      return word;
    }
  }

  /** Whether it can be used. */
  public enum Health {
    /** It answers, and says that runtime and network are ready. */
    READY("ready"),
    /** It answers, and says otherwise. */
    NOT_READY("not ready"),
    /** It does not answer, or not in time. */
    AWAY("away");

    private final String word;

    Health(String word) {
      this.word = word;
    }

    /** As it is shown and written. */
    @Override
    public String toString() {
      return word;
    }
  }

  /**
   * How much is on it; empty is what is not known.
   *
   * @param lastKnown whether one of them was known before, and could not be asked for now
   */
  public record Counts(
      OptionalInt pods, OptionalInt containers, OptionalInt images, boolean lastKnown) {
    /** Nothing is known. */
    public static final Counts NONE =
        new Counts(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), false);
  }
}
