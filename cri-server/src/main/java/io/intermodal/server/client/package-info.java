/**
 * The other end of the socket: what the subcommands use that are CRI clients themselves.
 *
 * <p>{@link io.intermodal.server.client.CriClient} knows nothing of the engine, and not that it is
 * this program which serves: it works with any CRI server of this host. What a server answers and
 * that it does not answer is a {@link io.intermodal.runtime.CriException}, as inside the server.
 */
@NullMarked
package io.intermodal.server.client;

import org.jspecify.annotations.NullMarked;
