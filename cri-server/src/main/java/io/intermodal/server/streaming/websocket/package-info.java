/**
 * WebSocket as Kubernetes' clients speak it: {@link
 * io.intermodal.server.streaming.websocket.WebSocketChannels} tells streams apart by the first byte
 * of each message, {@link io.intermodal.server.streaming.websocket.SpdyTunnel} carries SPDY inside.
 */
@NullMarked
package io.intermodal.server.streaming.websocket;

import org.jspecify.annotations.NullMarked;
