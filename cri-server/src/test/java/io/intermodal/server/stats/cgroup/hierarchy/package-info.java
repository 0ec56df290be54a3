/** Tests of {@code io.intermodal.server.stats.cgroup.hierarchy}. */
@NullMarked
package io.intermodal.server.stats.cgroup.hierarchy;

import org.jspecify.annotations.NullMarked;
