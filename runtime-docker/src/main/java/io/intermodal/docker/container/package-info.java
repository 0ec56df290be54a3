/**
 * Containers of pods: one class per RPC. {@link io.intermodal.docker.container.ContainerEnd} is how
 * anything ends, pause containers included.
 */
@NullMarked
package io.intermodal.docker.container;

import org.jspecify.annotations.NullMarked;
