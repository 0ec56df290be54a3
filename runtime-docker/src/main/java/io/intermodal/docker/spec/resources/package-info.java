/**
 * Limits: CRI's resources as Docker's and back.
 *
 * <p>{@link io.intermodal.docker.spec.resources.ResourceSpec} translates what Docker's API has.
 * Kubelets also ask for what it has not: files of cgroup version 2 by name ({@code
 * memory.oom.group}, with every container) and limits of huge pages. Those become {@link
 * io.intermodal.docker.spec.resources.CgroupSettings}, are kept in labels, and are written by
 * {@link io.intermodal.docker.spec.resources.CgroupFiles} into the container's cgroup once it runs.
 * {@link io.intermodal.docker.spec.resources.PodCgroup} does the same for the cgroup of a whole
 * pod, which Docker knows only as a parent; {@link io.intermodal.docker.spec.resources.CgroupPaths}
 * knows where both are.
 */
@NullMarked
package io.intermodal.docker.spec.resources;

import org.jspecify.annotations.NullMarked;
