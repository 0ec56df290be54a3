package io.intermodal.rkt.index;

import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Whether rkt can be run and can run pods, and what was found out about it. */
public final class EngineState {
  private final AtomicLong disconnects = new AtomicLong();
  private final AtomicLong resyncs = new AtomicLong();
  private volatile Reading now =
      new Reading(
          "",
          Optional.empty(),
          Optional.of("rkt has not answered yet"),
          Optional.of("it is not known yet whether rkt can run pods"));

  /**
   * One reading.
   *
   * @param version rkt's; "" when it never answered
   * @param dataDirectory where it keeps pods and images; empty until a pod has shown it
   * @param trouble why rkt cannot be used now; empty when it can
   * @param unfit why pods cannot be run although rkt answers; empty when they can
   */
  public record Reading(
      String version,
      Optional<Path> dataDirectory,
      Optional<String> trouble,
      Optional<String> unfit) {}

  public Reading now() {
    return now;
  }

  /**
   * rkt's version.
   *
   * @throws CriException UNAVAILABLE when it never answered
   */
  public String version() {
    Reading reading = now;
    if (reading.version().isEmpty()) {
      throw new CriException(Code.UNAVAILABLE, reading.trouble().orElse("rkt does not answer"));
    }
    return reading.version();
  }

  synchronized void answers(String version) {
    now = new Reading(version, now.dataDirectory(), Optional.empty(), now.unfit());
  }

  synchronized void readAll() {
    resyncs.incrementAndGet();
  }

  /** It does not answer, for this reason; tells whether that is news. */
  synchronized boolean down(String why) {
    boolean news = !now.trouble().equals(Optional.of(why));
    if (now.trouble().isEmpty()) {
      disconnects.incrementAndGet();
    }
    now = new Reading(now.version(), now.dataDirectory(), Optional.of(why), now.unfit());
    return news;
  }

  /** A pod was seen that runs apps, and where it lies if that can be told. */
  synchronized void runsPods(Optional<Path> dataDirectory) {
    now =
        new Reading(
            now.version(), dataDirectory.or(now::dataDirectory), now.trouble(), Optional.empty());
  }

  /** Pods cannot be run, for this reason. */
  synchronized void unfit(String why) {
    now = new Reading(now.version(), now.dataDirectory(), now.trouble(), Optional.of(why));
  }

  /** How often it went away. */
  public long disconnects() {
    return disconnects.get();
  }

  /** How often everything in it was read. */
  public long resyncs() {
    return resyncs.get();
  }
}
