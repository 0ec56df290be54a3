/**
 * {@code intermodal top}: what the pods of a CRI server use, as it changes.
 *
 * <p>{@link io.intermodal.server.top.Top} is the entry. On a terminal it is a {@link
 * io.intermodal.server.top.LiveView}, elsewhere a {@link io.intermodal.server.top.Report}. It is an
 * ordinary CRI client: {@code usage} asks and computes, {@code table} lays out, {@code terminal}
 * draws and listens.
 */
@NullMarked
package io.intermodal.server.top;

import org.jspecify.annotations.NullMarked;
