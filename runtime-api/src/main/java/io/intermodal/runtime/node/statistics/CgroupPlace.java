package io.intermodal.runtime.node.statistics;

/**
 * Where a cgroup is.
 *
 * @param path below the root of each hierarchy, without a leading slash: {@code
 *     kubepods/burstable/pod1/4f}
 * @param pid a process in it, in the host's PID namespace: asked for the true place when there is
 *     nothing at the path; 0 when none is known
 */
public record CgroupPlace(String path, long pid) {}
