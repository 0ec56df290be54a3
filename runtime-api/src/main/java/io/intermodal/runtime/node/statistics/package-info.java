/**
 * What pods and containers use: an engine says which cgroups and folders are whose, and {@link
 * io.intermodal.runtime.node.statistics.PodStatistics} reads them.
 */
@NullMarked
package io.intermodal.runtime.node.statistics;

import org.jspecify.annotations.NullMarked;
