/**
 * What is on the engine, in memory: every read of CRI is answered from here.
 *
 * <p>{@link io.intermodal.docker.index.Index} holds pods, containers and images as CRI's own
 * messages. {@link io.intermodal.docker.index.IndexFeed} fills it: a full read after every
 * connection to the engine, then one inspection per event. An operation of our own writes its
 * result here before it answers, so a caller always reads its own writes. Whoever wants to know
 * what changes is an {@link io.intermodal.docker.index.IndexObserver}. When the engine dies the
 * last content stays.
 */
@NullMarked
package io.intermodal.docker.index;

import org.jspecify.annotations.NullMarked;
