/** Tests of network configurations, results and plugin runs. */
@NullMarked
package io.intermodal.server.network.cni;

import org.jspecify.annotations.NullMarked;
