package io.intermodal.docker.spec.resources;

import io.intermodal.cri.v1.CgroupDriver;
import java.util.Optional;

/**
 * Where Docker makes cgroups: paths below the root of each hierarchy, without a leading slash.
 *
 * @param driver who makes them, which decides how a parent is written
 */
public record CgroupPaths(CgroupDriver driver) {
  private static final String SLICE = ".slice";

  /**
   * The cgroup of a container.
   *
   * @param containerId its full id
   * @param cgroupParent its cgroup parent as Docker has it, "" for Docker's own
   */
  public String ofContainer(String containerId, String cgroupParent) {
    return driver == CgroupDriver.SYSTEMD
        ? ofPod(cgroupParent).orElse("system" + SLICE) + "/docker-" + containerId + ".scope"
        : ofPod(cgroupParent).orElse("docker") + "/" + containerId;
  }

  /**
   * The cgroup that holds all containers with this parent; empty for none: Docker's own parent
   * holds the containers of every pod.
   */
  public Optional<String> ofPod(String cgroupParent) {
    if (cgroupParent.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        driver == CgroupDriver.SYSTEMD ? slice(cgroupParent) : withoutSlashes(cgroupParent));
  }

  /** The folder of a systemd slice: {@code a-b.slice} lies in {@code a.slice}. */
  private static String slice(String name) {
    StringBuilder path = new StringBuilder();
    String stem = name.substring(0, name.length() - SLICE.length());
    for (int dash = stem.indexOf('-'); dash >= 0; dash = stem.indexOf('-', dash + 1)) {
      path.append(stem, 0, dash).append(SLICE).append('/');
    }
    return path.append(name).toString();
  }

  private static String withoutSlashes(String path) {
    int start = 0;
    int end = path.length();
    while (start < end && path.charAt(start) == '/') {
      start++;
    }
    while (end > start && path.charAt(end - 1) == '/') {
      end--;
    }
    return path.substring(start, end);
  }
}
