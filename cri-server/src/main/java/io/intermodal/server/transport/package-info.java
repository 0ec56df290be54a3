/**
 * The threads and channels that move bytes, common to the CRI socket and the streaming server: one
 * {@link io.intermodal.server.transport.Transport} a process.
 */
@NullMarked
package io.intermodal.server.transport;

import org.jspecify.annotations.NullMarked;
