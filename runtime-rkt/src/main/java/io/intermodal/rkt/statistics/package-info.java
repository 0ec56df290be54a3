/**
 * What pods and containers use: one class for each RPC, named after it.
 *
 * <p>The numbers are the kernel's, read by the node's {@link
 * io.intermodal.runtime.node.statistics.PodStatistics}; rkt is asked nothing. This package only
 * says where to look: {@link io.intermodal.rkt.statistics.Subjects} knows in which cgroups rkt puts
 * a container, a sandbox and a pod, and where a container's writable layer lies.
 */
@NullMarked
package io.intermodal.rkt.statistics;

import org.jspecify.annotations.NullMarked;
