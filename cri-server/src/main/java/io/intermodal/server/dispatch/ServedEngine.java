package io.intermodal.server.dispatch;

import io.intermodal.runtime.EngineConnection.Translating;
import io.intermodal.server.handler.HandlerNames;

/**
 * A connected engine under its name.
 *
 * @param name "docker"
 * @param handlers what runtime handlers mean
 */
public record ServedEngine(String name, Translating operations, HandlerNames handlers) {
  /** One whose handlers are its own, and its name. */
  public ServedEngine(String name, Translating operations) {
    this(name, operations, HandlerNames.of(name));
  }
}
