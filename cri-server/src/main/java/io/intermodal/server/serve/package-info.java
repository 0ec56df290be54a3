/**
 * Puts a server together: {@link io.intermodal.server.serve.RunningServer} chooses the engine,
 * connects it with what {@link io.intermodal.server.serve.Node} lends to it, and opens the socket
 * last.
 */
@NullMarked
package io.intermodal.server.serve;

import org.jspecify.annotations.NullMarked;
