/**
 * The connected Docker: its client in the version that both sides speak, and what goes beyond
 * docker-java's typed commands.
 *
 * <p>{@link io.intermodal.docker.api.DockerApi} is the entry. Events, logs and the streams of
 * processes are read straight from the transport, because docker-java would spend a platform thread
 * on each of them. {@link io.intermodal.docker.api.DockerErrors} is the one place where Docker's
 * errors become CRI's.
 */
@NullMarked
package io.intermodal.docker.api;

import org.jspecify.annotations.NullMarked;
