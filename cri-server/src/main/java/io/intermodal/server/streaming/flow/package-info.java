/**
 * One client's connection with several streams on it, and back-pressure both ways: {@link
 * io.intermodal.server.streaming.flow.Inbox} stops the reading from the socket when nobody takes
 * what came, {@link io.intermodal.server.streaming.flow.Outbox} waits while the socket takes no
 * more. Event loops never wait; sessions on virtual threads do.
 */
@NullMarked
package io.intermodal.server.streaming.flow;

import org.jspecify.annotations.NullMarked;
