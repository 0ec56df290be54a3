/** Tests of {@code io.intermodal.server.stats.network}. */
@NullMarked
package io.intermodal.server.stats.network;

import org.jspecify.annotations.NullMarked;
