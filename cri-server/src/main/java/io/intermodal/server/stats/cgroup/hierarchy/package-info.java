/**
 * Counters of cgroups, from the kernel's files at the moment of asking. {@link
 * io.intermodal.server.stats.cgroup.hierarchy.Hierarchies} gives the reader for a host; each
 * version is a class that knows its files. A list of statistics reads a hundred cgroups, so the
 * files that it needs are kept open, and what metrics need beyond is read for metrics only.
 */
@NullMarked
package io.intermodal.server.stats.cgroup.hierarchy;

import org.jspecify.annotations.NullMarked;
