package io.intermodal.docker.spec;

import io.intermodal.cri.v1.CgroupDriver;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.node.Host;
import java.util.Set;

/**
 * What the connected Docker can do, as far as a container's configuration depends on it.
 *
 * @param apiMajor major part of the API version in use: 1 of 1.41
 * @param apiMinor minor part: 41 of 1.41
 * @param cgroupDriver who makes cgroups: it decides how a cgroup parent is written
 * @param cgroups the cgroup version that the engine uses
 * @param runtimes names of the configured OCI runtimes
 * @param defaultRuntime the one of them that is used when none is named
 * @param seccomp whether the engine can apply seccomp profiles
 * @param appArmor whether the engine applies AppArmor profiles
 * @param seLinux whether the engine labels processes and volumes
 */
public record EngineFeatures(
    int apiMajor,
    int apiMinor,
    CgroupDriver cgroupDriver,
    Host.Cgroups cgroups,
    Set<String> runtimes,
    String defaultRuntime,
    boolean seccomp,
    boolean appArmor,
    boolean seLinux) {

  public EngineFeatures {
    runtimes = Set.copyOf(runtimes);
  }

  /** Whether the API version in use is this one or a later one. */
  public boolean speaks(int major, int minor) {
    return apiMajor > major || (apiMajor == major && apiMinor >= minor);
  }

  /**
   * Refuses what needs a newer engine.
   *
   * @param what what was asked for, as the start of a sentence: {@code mount /data: recursive
   *     read-only}
   * @throws CriException UNIMPLEMENTED naming both versions when the engine is older
   */
  void require(int major, int minor, String what) {
    if (!speaks(major, minor)) {
      throw CriException.unimplemented(
          "%s needs Docker API %d.%d, this engine speaks %d.%d; use a newer Docker"
              .formatted(what, major, minor, apiMajor, apiMinor));
    }
  }

  /** Whether a mount can be read-only with everything mounted below it. */
  public boolean recursiveReadOnlyMounts() {
    return speaks(1, Mounts.RECURSIVE_READ_ONLY);
  }

  /** Whether the engine itself mounts images. */
  boolean mountsImages() {
    return speaks(1, Mounts.IMAGE_MOUNTS);
  }
}
