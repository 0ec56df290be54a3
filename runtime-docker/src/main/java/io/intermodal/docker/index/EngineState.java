package io.intermodal.docker.index;

import io.intermodal.docker.api.EngineFacts;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.util.Optional;

/** Whether the engine answers, and what it said of itself when it last did. */
public final class EngineState {
  private volatile Reading now =
      new Reading(Optional.empty(), Optional.of("Docker has not answered yet"));

  /**
   * One reading.
   *
   * @param facts what the engine last said of itself; empty when it never answered
   * @param trouble why it cannot be used now; empty when it can
   */
  public record Reading(Optional<EngineFacts> facts, Optional<String> trouble) {}

  public Reading now() {
    return now;
  }

  /**
   * What the engine said of itself.
   *
   * @throws CriException UNAVAILABLE when it never answered
   */
  public EngineFacts facts() {
    return now.facts()
        .orElseThrow(() ->
            new CriException(Code.UNAVAILABLE, "Docker has not answered yet: is dockerd running?"));
  }

  /** It says this of itself; whether it is ready is not said yet. */
  void learned(EngineFacts facts) {
    now = new Reading(Optional.of(facts), now.trouble());
  }

  /** It answers, and what is on it has been read. */
  void up() {
    now = new Reading(now.facts(), Optional.empty());
  }

  /** It does not answer, for this reason; tells whether that is news. */
  boolean down(String why) {
    boolean news = !now.trouble().equals(Optional.of(why));
    now = new Reading(now.facts(), Optional.of(why));
    return news;
  }
}
