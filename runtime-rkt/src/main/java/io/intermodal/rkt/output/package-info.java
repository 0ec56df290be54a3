/**
 * What containers say, for the node's log files.
 *
 * <p>rkt's own carrier of streams is started after its app, ends with it, and loses what is on its
 * way; who attaches early is not heard. So each container has a carrier of ours, {@link
 * io.intermodal.rkt.output.OutputProgram}, a service before its own in the pod's systemd. It takes
 * in who attaches, and records what is said in a file of the node, whether or not this server runs.
 * {@link io.intermodal.rkt.output.RawLog} reads that file as a source for CRI's log files and frees
 * what was read.
 */
@NullMarked
package io.intermodal.rkt.output;

import org.jspecify.annotations.NullMarked;
