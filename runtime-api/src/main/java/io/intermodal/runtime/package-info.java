/**
 * What a container engine implements to serve CRI.
 *
 * <p>{@link io.intermodal.runtime.ContainerEngine} is the entry: one per module, found by {@link
 * java.util.ServiceLoader}. It is probed, then connected; the connection either forwards CRI bytes
 * or translates CRI's own messages. What a translating engine may borrow from the node is in {@link
 * io.intermodal.runtime.node}.
 */
@NullMarked
package io.intermodal.runtime;

import org.jspecify.annotations.NullMarked;
