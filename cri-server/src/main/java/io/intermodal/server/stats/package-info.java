/**
 * What pods and containers use, from the kernel's own counters: cgroups of either version, network
 * namespaces, and folders. {@link io.intermodal.server.stats.KernelStatistics} is the entry.
 */
@NullMarked
package io.intermodal.server.stats;

import org.jspecify.annotations.NullMarked;
