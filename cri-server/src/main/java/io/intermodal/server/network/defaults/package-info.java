/**
 * A pod network for a node that has none: {@link
 * io.intermodal.server.network.defaults.DefaultNetwork} writes its file.
 */
@NullMarked
package io.intermodal.server.network.defaults;

import org.jspecify.annotations.NullMarked;
