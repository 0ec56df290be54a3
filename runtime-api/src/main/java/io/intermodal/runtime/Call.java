package io.intermodal.runtime;

import java.time.Duration;
import java.util.Optional;

/**
 * The caller's side of one request: how long it still waits, and whether it went away.
 *
 * <p>A caller's deadline stops the waiting, never the cleaning up: an operation that has taken
 * something (an address, a name) gives it back after the caller is gone.
 */
public interface Call {
  /** A caller that waits for ever and never goes away: for work of our own. */
  Call UNBOUNDED =
      new Call() {
        @Override
        public Optional<Duration> remaining() {
          return Optional.empty();
        }

        @Override
        public boolean cancelled() {
          return false;
        }

        @Override
        public void onCancel(Runnable action) {}
      };

  /** Time left until the caller stops waiting, zero when that has passed; empty for no deadline. */
  Optional<Duration> remaining();

  /** Whether the caller hung up or its deadline passed. */
  boolean cancelled();

  /**
   * Runs the action once when the caller goes away before the answer, at once if it already has.
   * The action must be short and must not throw.
   */
  void onCancel(Runnable action);
}
