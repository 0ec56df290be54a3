/**
 * SPDY/3.1 as Kubernetes' clients speak it: {@link
 * io.intermodal.server.streaming.spdy.SpdyConnection} keeps the table of streams that a client
 * opens.
 *
 * <p>Frames are Netty's, the table is not: its own session handler waits for WINDOW_UPDATE, which
 * Go's clients never send. Back-pressure is TCP's.
 */
@NullMarked
package io.intermodal.server.streaming.spdy;

import org.jspecify.annotations.NullMarked;
