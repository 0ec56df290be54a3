/** Tests of the network for nodes that have none. */
@NullMarked
package io.intermodal.server.network.defaults;

import org.jspecify.annotations.NullMarked;
