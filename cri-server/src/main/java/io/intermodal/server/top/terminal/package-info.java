/**
 * A full-screen terminal, by the C library and the escape codes that all terminals of today know.
 *
 * <p>{@link io.intermodal.server.top.terminal.Terminal} takes it over and gives it back, {@link
 * io.intermodal.server.top.terminal.Screen} draws, {@link io.intermodal.server.top.terminal.Key}
 * understands what is pressed. The size is asked for at every frame: a signal would tell no more.
 */
@NullMarked
package io.intermodal.server.top.terminal;

import org.jspecify.annotations.NullMarked;
