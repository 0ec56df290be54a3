/**
 * containerd's configuration, as far as it matters to us: whether it switches CRI off, and which
 * cgroup driver it sets.
 *
 * <p>{@link io.intermodal.containerd.config.ContainerdConfig} reads the main file and all that it
 * imports, in containerd's own order and by its rules of merging. There are several layouts: the
 * CRI plugin's section is {@code cri} in version 1, {@code io.containerd.grpc.v1.cri} in version 2
 * and {@code io.containerd.cri.v1.runtime} from version 3 on ({@link
 * io.intermodal.containerd.config.CriSection}).
 */
@NullMarked
package io.intermodal.containerd.config;

import org.jspecify.annotations.NullMarked;
