/** Tests of {@code io.intermodal.server.stats.folder}. */
@NullMarked
package io.intermodal.server.stats.folder;

import org.jspecify.annotations.NullMarked;
