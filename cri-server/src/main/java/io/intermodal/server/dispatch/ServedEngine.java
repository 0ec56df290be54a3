package io.intermodal.server.dispatch;

import io.intermodal.runtime.EngineConnection.Translating;

/**
 * A connected engine under its name.
 *
 * @param name "docker"
 */
public record ServedEngine(String name, Translating operations) {}
