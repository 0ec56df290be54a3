/**
 * The images of the engine: one class per RPC of the image service.
 *
 * <p>{@link io.intermodal.docker.image.ImageIndex} keeps what is on the engine in memory; {@link
 * io.intermodal.runtime.contract.ImageReference} knows how images are named. An image has one id
 * everywhere: the one that Docker gives it. {@link io.intermodal.docker.image.ImageLayers} knows
 * which folders of the disk the images are.
 */
@NullMarked
package io.intermodal.docker.image;

import org.jspecify.annotations.NullMarked;
