/**
 * What the session protocols look like on the wire, written by hand from their specifications: the
 * server under test uses a library for them, and a fault in a library that both sides share would
 * not show. A {@link io.intermodal.tests.streaming.wire.HttpRequest} asks for the upgrade; then a
 * {@link io.intermodal.tests.streaming.wire.SpdyConnection} or a {@link
 * io.intermodal.tests.streaming.wire.WebSocketConnection} talks. Tests that send rubbish write to
 * the {@link io.intermodal.tests.streaming.wire.Wire} itself.
 */
@NullMarked
package io.intermodal.tests.streaming.wire;

import org.jspecify.annotations.NullMarked;
