/**
 * How far something is that takes long: {@link io.intermodal.server.images.progress.Progress} is
 * told, and {@link io.intermodal.server.images.progress.TerminalProgress} shows it where somebody
 * looks.
 */
@NullMarked
package io.intermodal.server.images.progress;

import org.jspecify.annotations.NullMarked;
