package io.intermodal.runtime.setup;

import io.intermodal.cri.v1.CgroupDriver;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a node is meant to be, whatever the engine.
 *
 * @param cgroupDriver what engine and kubelet make cgroups with
 * @param sandboxImage the image of the pods' sandboxes; empty leaves it to the engine
 * @param networkFolder where CNI's network files are
 * @param pluginFolders where CNI's plugins are, searched in order
 * @param registries those that are not reached by their name alone
 * @param clampOomScores whether this host forbids to lower {@code oom_score_adj}, so that an engine
 *     must not try
 */
public record NodeWishes(
    CgroupDriver cgroupDriver,
    Optional<String> sandboxImage,
    Path networkFolder,
    List<Path> pluginFolders,
    List<Registry> registries,
    boolean clampOomScores) {

  public NodeWishes {
    pluginFolders = List.copyOf(pluginFolders);
    registries = List.copyOf(registries);
  }
}
