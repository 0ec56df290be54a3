/**
 * Spans of requests, for an OpenTelemetry collector. Nothing of OpenTelemetry is loaded while no
 * collector is set.
 *
 * <p>{@link io.intermodal.server.tracing.Tracing} is the entry. A request's span continues the
 * caller's trace ({@link io.intermodal.server.tracing.TracedRequests}), a call to an engine that
 * speaks CRI continues the request's ({@link io.intermodal.server.tracing.TracedCalls}), and that
 * engine goes on from there. Names and attributes are those of gRPC's instrumentation in Go, which
 * kubelets, containerd and CRI-O have, so that a trace reads the same all the way down.
 *
 * <p>gRPC's own module for this is not used: it is switched on by an experimental variable of the
 * environment, and takes the parent of a call from the thread, where it is not when a call is made
 * after another one was refused.
 */
@NullMarked
package io.intermodal.server.tracing;

import org.jspecify.annotations.NullMarked;
