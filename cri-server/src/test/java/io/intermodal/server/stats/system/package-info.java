/** Tests of {@code io.intermodal.server.stats.system}. */
@NullMarked
package io.intermodal.server.stats.system;

import org.jspecify.annotations.NullMarked;
