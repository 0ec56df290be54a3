/**
 * HTTP/1.1 to dockerd over its Unix socket.
 *
 * <p>{@link io.intermodal.docker.transport.UnixHttpClient} is the one way to the daemon: typed
 * commands of docker-java, logs, events, exec and attach all go through it. It reads and writes a
 * plain blocking socket, so a caller on a virtual thread parks and nothing else waits. Each request
 * has a deadline by its kind ({@link io.intermodal.docker.transport.RequestDeadlines}) that closes
 * the connection when it passes; closing a response wakes whoever reads it.
 */
@NullMarked
package io.intermodal.docker.transport;

import org.jspecify.annotations.NullMarked;
