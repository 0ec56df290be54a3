/**
 * What a pod and a container look like to Docker.
 *
 * <p>{@link io.intermodal.docker.spec.SandboxSpec} and {@link
 * io.intermodal.docker.spec.ContainerSpec} fill Docker's create request from CRI's configuration.
 * They talk to no engine: what the engine can do is told them as {@link
 * io.intermodal.docker.spec.EngineFeatures}, and what it cannot do is refused by name, never
 * dropped. Names and labels, the database of a node, are in {@code labels}; who a process is and
 * may do in {@code security}; limits in {@code resources}; the way back from Docker's inspect
 * answer in {@code reading}.
 */
@NullMarked
package io.intermodal.docker.spec;

import org.jspecify.annotations.NullMarked;
