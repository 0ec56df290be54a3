/**
 * Passes CRI on to an engine that speaks it, as bytes.
 *
 * <p>{@link io.intermodal.server.forward.EngineSocket} is the connection to an engine and keeps it
 * up. {@link io.intermodal.server.forward.Pipe} joins a caller's call with one to the engine:
 * messages, metadata, deadline, cancellation and back-pressure, both ways. In between stand what
 * changes calls on their way, each a {@link io.intermodal.server.forward.CriCalls} around another.
 */
@NullMarked
package io.intermodal.server.forward;

import org.jspecify.annotations.NullMarked;
