/**
 * Counters of network interfaces, in the network namespace of any process: {@link
 * io.intermodal.server.stats.network.NetworkReader}.
 */
@NullMarked
package io.intermodal.server.stats.network;

import org.jspecify.annotations.NullMarked;
