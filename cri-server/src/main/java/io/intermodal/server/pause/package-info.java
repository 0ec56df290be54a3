/**
 * The sandbox image that is built in, so that a node's first pod needs no registry.
 *
 * <p>A static program of a few kilobytes ({@code src/main/c/pause.c}) is compiled with the project
 * and lies on the class path; {@link io.intermodal.server.pause.PauseImage} packs it as an image.
 * An engine loads that archive when it first needs it. The program also greets callers, which is
 * what {@code intermodal demo} runs.
 */
@NullMarked
package io.intermodal.server.pause;

import org.jspecify.annotations.NullMarked;
