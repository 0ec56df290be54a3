/**
 * {@code intermodal image}: the images of whatever engine is served.
 *
 * <p>{@link io.intermodal.server.images.NodeImages} lists, pulls and removes over CRI, on any CRI
 * server. CRI knows no archives: {@link io.intermodal.server.images.ImageLoading} and {@link
 * io.intermodal.server.images.ImageSaving} go to the engine itself, which {@link
 * io.intermodal.server.images.ServedEngines} finds by asking the server. Whoever has an engine
 * without a server uses {@code ImageLoading} alone.
 */
@NullMarked
package io.intermodal.server.images;

import org.jspecify.annotations.NullMarked;
