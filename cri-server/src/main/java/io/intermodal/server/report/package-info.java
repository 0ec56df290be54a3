/**
 * What this server says of itself and of its engines, for {@code intermodal status}.
 *
 * <p>{@link io.intermodal.server.report.NodeService} is the entry: a gRPC service of our own,
 * beside CRI on the same socket. When it is asked, an {@link
 * io.intermodal.server.report.EngineInquiry} asks every engine over CRI, all at once and each with
 * its own deadline, and {@link io.intermodal.server.report.RecentCalls} knows how long callers have
 * waited. The answer is a {@link io.intermodal.server.report.NodeReport}, and {@link
 * io.intermodal.server.report.ReportJson} on the wire.
 */
@NullMarked
package io.intermodal.server.report;

import org.jspecify.annotations.NullMarked;
