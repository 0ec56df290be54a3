/**
 * Containers of pods: one class per RPC. {@link io.intermodal.rkt.container.ContainerEnd} is how
 * any of them ends.
 */
@NullMarked
package io.intermodal.rkt.container;

import org.jspecify.annotations.NullMarked;
