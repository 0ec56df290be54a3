package io.intermodal.runtime.streaming;

import io.intermodal.runtime.CriException;

/** One process's side of a session. */
@FunctionalInterface
public interface Session {
  /**
   * Carries the streams until the process has ended and all that it wrote was handed over; called
   * once, on a virtual thread, when the client is there.
   *
   * <p>A client that goes away before ({@link SessionStreams#onGone}) ends the process of an exec
   * within a second and leaves an attached container alone; what is returned then is not looked at.
   *
   * @return the exit code of an exec's process; 0 for an attached container
   * @throws CriException when there is no process to talk to, or the engine failed; the client is
   *     told the message
   */
  int attend(SessionStreams client);
}
