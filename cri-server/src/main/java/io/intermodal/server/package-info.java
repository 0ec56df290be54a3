/**
 * The program. {@link io.intermodal.server.Intermodal} is its entry: it picks a command ({@code
 * command}), whose settings are put together from flags, environment and file ({@code config});
 * {@code serve} then joins an engine, the services of the node and the socket ({@code grpc}), and
 * {@code dispatch} leads each request from the one to the other.
 */
@NullMarked
package io.intermodal.server;

import org.jspecify.annotations.NullMarked;
