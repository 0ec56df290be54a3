/**
 * {@code intermodal demo}: sends one pod through a CRI socket and says at each step what happened.
 *
 * <p>It is what a new user runs first. {@link io.intermodal.server.demo.Demo} is an ordinary CRI
 * client: it knows nothing of the engine behind the socket, so it can be pointed at any CRI server
 * of this host. It judges by what it sees from outside: the log file, the pod's address, the answer
 * of a command.
 */
@NullMarked
package io.intermodal.server.demo;

import org.jspecify.annotations.NullMarked;
