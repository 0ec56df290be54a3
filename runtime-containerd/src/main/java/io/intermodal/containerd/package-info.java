/**
 * containerd, which speaks CRI itself: where its socket is, whether CRI is served there, and what
 * is odd about it.
 *
 * <p>{@link io.intermodal.containerd.ContainerdEngine} finds it. Requests do not come through here;
 * {@link io.intermodal.containerd.ContainerdConnection} is asked about the few things that the
 * engine does not say well. Versions up to 1.7 have no RuntimeConfig, so the cgroup driver is read
 * from their configuration; up to 1.6 they refuse to stop what is gone ({@link
 * io.intermodal.containerd.Refusals}); and where Docker's packages brought it, CRI is often
 * switched off ({@link io.intermodal.containerd.WithoutCri} names the line that does it). Which
 * file is the configuration is told by the command line of the process that listens ({@link
 * io.intermodal.containerd.ListeningProcess}): K3s, K0s and MicroK8s have files of their own. How a
 * node is set up for containerd is told by {@link io.intermodal.containerd.setup.ContainerdSetup}.
 */
@NullMarked
package io.intermodal.containerd;

import org.jspecify.annotations.NullMarked;
