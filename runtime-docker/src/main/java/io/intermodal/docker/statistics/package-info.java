/**
 * What pods and containers use: one class for each RPC, named after it.
 *
 * <p>The numbers are the kernel's, read by the node's {@link
 * io.intermodal.runtime.node.statistics.PodStatistics}; Docker is asked nothing. This package only
 * says where to look: {@link io.intermodal.docker.statistics.Subjects} knows in which cgroups
 * Docker puts a container, a sandbox and a pod, and where a container's writable layer lies.
 */
@NullMarked
package io.intermodal.docker.statistics;

import org.jspecify.annotations.NullMarked;
