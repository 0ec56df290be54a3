/**
 * Exec and attach: brings a client's streams together with the session that an engine offered, and
 * tells the client how it ended.
 *
 * <p>{@link io.intermodal.server.streaming.process.AttendedProcess} is one such meeting, the same
 * for both transports; {@link io.intermodal.server.streaming.process.SpdyProcess} and {@link
 * io.intermodal.server.streaming.process.WebSocketProcess} collect the streams for it. Versions 1
 * to 5 of Kubernetes' remote command protocol are in {@link
 * io.intermodal.server.streaming.process.CommandProtocol}.
 */
@NullMarked
package io.intermodal.server.streaming.process;

import org.jspecify.annotations.NullMarked;
