package io.intermodal.docker.spec;

import io.intermodal.cri.v1.CgroupDriver;
import io.intermodal.runtime.CriException;
import java.util.Optional;

/** A pod's cgroup as Docker wants it written. */
final class CgroupParent {
  private CgroupParent() {}

  /**
   * With the systemd driver the name of the slice, which is the last element of CRI's path; with
   * the cgroupfs driver the path itself.
   *
   * @return empty when none was asked for: the engine then has its own
   * @throws CriException INVALID_ARGUMENT when the path is not one for the engine's driver
   */
  static Optional<String> of(String path, EngineFeatures features) {
    if (path.isEmpty()) {
      return Optional.empty();
    }
    if (features.cgroupDriver() != CgroupDriver.SYSTEMD) {
      return Optional.of(path);
    }
    String slice = path.substring(path.lastIndexOf('/') + 1);
    if (!slice.endsWith(".slice")) {
      throw CriException.invalid(
          "cgroup_parent %s: this Docker uses the systemd cgroup driver, which needs a name ending in .slice; set the kubelet's cgroupDriver to systemd"
              .formatted(path));
    }
    return Optional.of(slice);
  }
}
