/** {@code intermodal node …}: the command line of {@link io.intermodal.server.setup}. */
@NullMarked
package io.intermodal.server.command.node;

import org.jspecify.annotations.NullMarked;
