/**
 * A client of exec, attach and port-forward as tests want it. A {@link
 * io.intermodal.tests.streaming.Transport} opens a {@link
 * io.intermodal.tests.streaming.CommandSession}, the same whichever protocol carries it; a {@link
 * io.intermodal.tests.streaming.PortTransport} does so for connections to ports of a pod. Memory is
 * bounded: what a test does not read, the server has to keep.
 */
@NullMarked
package io.intermodal.tests.streaming;

import org.jspecify.annotations.NullMarked;
