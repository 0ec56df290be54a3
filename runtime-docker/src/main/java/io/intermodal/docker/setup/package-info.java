/**
 * How a node is set up for Docker: {@link io.intermodal.docker.setup.DockerSetup} says what must be
 * in {@code /etc/docker/daemon.json}, and keeps what others have put there.
 */
@NullMarked
package io.intermodal.docker.setup;

import org.jspecify.annotations.NullMarked;
