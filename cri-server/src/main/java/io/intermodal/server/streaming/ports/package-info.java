/**
 * Port-forward: connections of a client to ports of a pod.
 *
 * <p>{@link io.intermodal.server.streaming.ports.NetworkNamespaces} makes a socket inside of a pod
 * without a helper program; {@link io.intermodal.server.streaming.ports.ForwardedConnection}
 * carries one connection; {@link io.intermodal.server.streaming.ports.SpdyPorts} and {@link
 * io.intermodal.server.streaming.ports.WebSocketPorts} find out which ones a client wants.
 */
@NullMarked
package io.intermodal.server.streaming.ports;

import org.jspecify.annotations.NullMarked;
