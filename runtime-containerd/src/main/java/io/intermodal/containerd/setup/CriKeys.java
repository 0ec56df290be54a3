package io.intermodal.containerd.setup;

import java.util.List;
import java.util.stream.Stream;

/**
 * Where CRI's settings are in a configuration of one version (containerd's docs/cri/config.md).
 *
 * @param runtime the section of the part that runs pods
 * @param images the section of the part that has their images; the same before version 3
 */
record CriKeys(List<String> runtime, List<String> images, List<String> sandboxImage) {
  private static final long FIRST_WITH_FULL_NAMES = 2;
  private static final long FIRST_WITH_TWO_PARTS = 3;

  static CriKeys of(long version) {
    if (version >= FIRST_WITH_TWO_PARTS) {
      List<String> images = List.of("plugins", "io.containerd.cri.v1.images");
      return new CriKeys(
          List.of("plugins", "io.containerd.cri.v1.runtime"),
          images,
          below(images, "pinned_images", "sandbox"));
    }
    List<String> section =
        List.of("plugins", version < FIRST_WITH_FULL_NAMES ? "cri" : "io.containerd.grpc.v1.cri");
    return new CriKeys(section, section, below(section, "sandbox_image"));
  }

  /** Whether the settings of images are a plugin of their own. */
  boolean inTwoParts() {
    return !runtime.equals(images);
  }

  List<String> clampOomScores() {
    return below(runtime, "restrict_oom_score_adj");
  }

  List<String> pluginFolder() {
    return below(runtime, "cni", "bin_dir");
  }

  List<String> pluginFolders() {
    return below(runtime, "cni", "bin_dirs");
  }

  List<String> networkFolder() {
    return below(runtime, "cni", "conf_dir");
  }

  List<String> runtimes() {
    return below(runtime, "containerd", "runtimes");
  }

  List<String> defaultRuntimeName() {
    return below(runtime, "containerd", "default_runtime_name");
  }

  /** Runtimes that have no name, up to containerd 1.7. */
  List<List<String>> unnamedRuntimes() {
    return inTwoParts()
        ? List.of()
        : List.of(
            below(runtime, "containerd", "default_runtime"),
            below(runtime, "containerd", "untrusted_workload_runtime"));
  }

  /** The cgroup driver from before runtimes had options, up to containerd 1.7. */
  List<String> systemdCgroup() {
    return below(runtime, "systemd_cgroup");
  }

  List<String> registry() {
    return below(images, "registry");
  }

  List<String> registry(String key) {
    return below(registry(), key);
  }

  static List<String> below(List<String> path, String... more) {
    return Stream.concat(path.stream(), Stream.of(more)).toList();
  }
}
