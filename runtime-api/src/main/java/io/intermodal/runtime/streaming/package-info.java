/**
 * Sessions with a process: exec, attach and ExecSync, as an engine serves them.
 *
 * <p>{@link io.intermodal.runtime.streaming.Session} is what an engine implements: it carries the
 * streams of one process. {@link io.intermodal.runtime.streaming.SessionStreams} is the other end,
 * which the node's streaming server lends to it whichever protocol a client speaks. A {@link
 * io.intermodal.runtime.streaming.CollectedOutput} is such an end without a client: ExecSync is a
 * session of that kind.
 */
@NullMarked
package io.intermodal.runtime.streaming;

import org.jspecify.annotations.NullMarked;
