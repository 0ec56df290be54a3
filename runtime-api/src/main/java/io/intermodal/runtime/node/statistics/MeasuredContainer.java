package io.intermodal.runtime.node.statistics;

import io.intermodal.cri.v1.ContainerAttributes;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A container, and where the kernel counts what it uses.
 *
 * @param attributes who it is
 * @param image the name that the image was asked for by
 * @param place its cgroup
 * @param startedAt when it started, in ns since 1970; 0 when it never did
 * @param writableLayer the folder that holds what it wrote over its image; empty when the engine
 *     keeps that elsewhere
 */
public record MeasuredContainer(
    ContainerAttributes attributes,
    String image,
    CgroupPlace place,
    long startedAt,
    Optional<Path> writableLayer) {
  public String id() {
    return attributes.getId();
  }
}
