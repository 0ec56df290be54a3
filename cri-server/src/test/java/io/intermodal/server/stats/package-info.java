/** Tests of {@code io.intermodal.server.stats}. */
@NullMarked
package io.intermodal.server.stats;

import org.jspecify.annotations.NullMarked;
