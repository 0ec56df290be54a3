/**
 * Docker as a CRI engine.
 *
 * <p>{@link io.intermodal.docker.DockerEngine} is found and connected; {@link
 * io.intermodal.docker.DockerConnection} has one line per RPC that leads to the class of that RPC
 * in {@code node}, {@code sandbox}, {@code container}, {@code session} or {@code image}. Reads are
 * answered from {@code index}; {@code spec} turns CRI's configuration into Docker's and back;
 * {@code api} and {@code transport} are the way to the daemon.
 */
@NullMarked
package io.intermodal.docker;

import org.jspecify.annotations.NullMarked;
