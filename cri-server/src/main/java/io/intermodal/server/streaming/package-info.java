/**
 * Exec, attach and port-forward over HTTP, for engines that have no such server of their own.
 *
 * <p>{@link io.intermodal.server.streaming.HttpStreamingServer} is the entry: an engine offers a
 * session and is given a URL with a one-time token; whoever comes with it is upgraded by {@link
 * io.intermodal.server.streaming.ClientRequests} to SPDY/3.1 or WebSocket and meets the session.
 * Below are the meetings ({@code process}, {@code ports}), the transports ({@code spdy}, {@code
 * websocket}), and what both share: streams with back-pressure ({@code flow}).
 */
@NullMarked
package io.intermodal.server.streaming;

import org.jspecify.annotations.NullMarked;
