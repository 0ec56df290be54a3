package io.intermodal.runtime;

import java.util.Optional;

/**
 * What was found of an engine on this node.
 *
 * @param state whether it can be used
 * @param endpoint the socket or command that was tried; empty when there was none to try
 * @param version the engine's own version ("26.1.5"), known only when it is {@link State#RUNNING}
 * @param detail one sentence for people: why it is in this state and, if that is not good, the cure
 */
public record Probe(
    State state, Optional<String> endpoint, Optional<String> version, String detail) {

  /** From usable to absent. */
  public enum State {
    /** It answers and can be used. */
    RUNNING,
    /** It is on this node but does not answer. */
    STOPPED,
    /** Nothing of it was found. */
    ABSENT,
    /** Found or not, this build cannot serve it, or not in this version. */
    UNSUPPORTED
  }
}
