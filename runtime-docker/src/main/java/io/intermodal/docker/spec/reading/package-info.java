/**
 * The way back: what Docker's inspect answer says about a sandbox or a container, in CRI's words.
 *
 * <p>{@link io.intermodal.docker.spec.reading.SandboxReading} and {@link
 * io.intermodal.docker.spec.reading.ContainerReading} are empty for what is not ours, and manage
 * without the labels that a taken-over pod does not have.
 */
@NullMarked
package io.intermodal.docker.spec.reading;

import org.jspecify.annotations.NullMarked;
