package io.intermodal.runtime;

import java.util.Optional;

/**
 * How to reach an engine.
 *
 * @param endpoint where the engine listens ({@code unix:///run/docker.sock}), or its command line
 *     for an engine without a socket; empty means the engine's usual places
 */
public record EngineConfig(Optional<String> endpoint) {}
