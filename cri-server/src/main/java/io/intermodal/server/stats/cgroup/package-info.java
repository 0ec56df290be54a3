/**
 * Counters of cgroups, read from the kernel's files at the moment of asking. {@link
 * io.intermodal.server.stats.cgroup.CgroupReader} is the entry; a version of the hierarchy is a
 * class that knows its files, and both tell the same {@link
 * io.intermodal.server.stats.cgroup.CgroupReading}. Reading is done a hundred times for one
 * request, so each file costs one opening, one read into a buffer that stays, and no text objects.
 */
@NullMarked
package io.intermodal.server.stats.cgroup;

import org.jspecify.annotations.NullMarked;
