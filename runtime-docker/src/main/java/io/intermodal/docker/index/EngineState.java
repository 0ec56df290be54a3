package io.intermodal.docker.index;

import io.intermodal.docker.api.EngineFacts;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Whether the engine answers, and what it said of itself when it last did. */
public final class EngineState {
  private volatile Reading now =
      new Reading(Optional.empty(), Optional.of("Docker has not answered yet"));

  private final AtomicLong disconnects = new AtomicLong();
  private final AtomicLong resyncs = new AtomicLong();
  private volatile Optional<Long> lastEventNanos = Optional.empty();

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
    resyncs.incrementAndGet();
    now = new Reading(now.facts(), Optional.empty());
  }

  /** It does not answer, for this reason; tells whether that is news. */
  boolean down(String why) {
    boolean news = !now.trouble().equals(Optional.of(why));
    if (now.trouble().isEmpty()) {
      disconnects.incrementAndGet();
    }
    now = new Reading(now.facts(), Optional.of(why));
    return news;
  }

  /** It told of a change. */
  void told() {
    lastEventNanos = Optional.of(System.nanoTime());
  }

  /** How long it has told of no change; empty when it never has. */
  public Optional<Duration> sinceLastEvent() {
    return lastEventNanos.map(then -> Duration.ofNanos(System.nanoTime() - then));
  }

  /** How often it went away. */
  public long disconnects() {
    return disconnects.get();
  }

  /** How often everything on it was read. */
  public long resyncs() {
    return resyncs.get();
  }
}
