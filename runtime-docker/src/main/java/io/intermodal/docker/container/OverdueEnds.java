package io.intermodal.docker.container;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Containers that should have ended by now. Docker notes the end of a container, or of a command in
 * it, only when every client of its output has taken the last of it: one that does not read would
 * hold up the end for as long as it likes. So the sessions with such a container are ended.
 */
public final class OverdueEnds {
  /** What a client that reads slowly is given to take the rest. */
  private static final Duration LAST_OUTPUT = Duration.ofSeconds(2);

  private final Set<String> overdue = ConcurrentHashMap.newKeySet();

  /** Whether sessions with this container must not go on. */
  public boolean contains(String containerId) {
    return overdue.contains(containerId);
  }

  /**
   * Does what ends the container; when that takes longer than it should, sessions are in its way.
   *
   * @param graceSeconds how long the container itself may take
   */
  void whileEnding(String containerId, int graceSeconds, Runnable ending) {
    CompletableFuture<Void> late =
        CompletableFuture.runAsync(
            () -> overdue.add(containerId),
            CompletableFuture.delayedExecutor(
                LAST_OUTPUT.toMillis() + graceSeconds * 1000L, TimeUnit.MILLISECONDS));
    try {
      ending.run();
    } finally {
      late.cancel(false);
      overdue.remove(containerId);
    }
  }
}
