/**
 * CRI as it is on the wire, without decoding more than needed: the names of its {@link
 * io.intermodal.server.wire.CriVersion versions}, and {@link io.intermodal.server.wire.Frames
 * methods} whose messages stay bytes.
 */
@NullMarked
package io.intermodal.server.wire;

import org.jspecify.annotations.NullMarked;
