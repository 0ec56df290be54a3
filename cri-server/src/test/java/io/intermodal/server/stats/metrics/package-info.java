/** Tests of {@code io.intermodal.server.stats.metrics}. */
@NullMarked
package io.intermodal.server.stats.metrics;

import org.jspecify.annotations.NullMarked;
