/**
 * What cgroups count: the terms that statistics and metrics are made from, the same for both
 * versions of the kernel's hierarchy. {@link io.intermodal.server.stats.cgroup.CgroupReader} gives
 * them.
 */
@NullMarked
package io.intermodal.server.stats.cgroup;

import org.jspecify.annotations.NullMarked;
