/**
 * {@code intermodal status}: how a server and its engines are, for people and for scripts.
 *
 * <p>{@link io.intermodal.server.status.NodeStatus} is the entry. It asks the server for its {@link
 * io.intermodal.server.report.NodeReport}; of a CRI server that gives none it makes one, from what
 * CRI says. {@link io.intermodal.server.status.ReportText} lays it out.
 */
@NullMarked
package io.intermodal.server.status;

import org.jspecify.annotations.NullMarked;
