package io.intermodal.server.stats.cgroup.hierarchy;

import io.intermodal.runtime.node.Host;
import io.intermodal.server.stats.cgroup.CgroupReader;
import java.nio.file.Path;
import java.time.Clock;

/** The versions of the hierarchy. */
public final class Hierarchies {
  private Hierarchies() {}

  /**
   * The reader for a host.
   *
   * @param root where the hierarchies are mounted: {@code /sys/fs/cgroup}
   * @param proc where procfs is mounted
   */
  public static CgroupReader reader(Host.Cgroups version, Path root, Path proc, Clock clock) {
    CgroupFolders folders = new CgroupFolders(root, proc);
    return switch (version) {
      case V1 -> new VersionOne(folders, clock, KeptCgroups.mostFiles());
      case V2 -> new VersionTwo(folders, clock, KeptCgroups.mostFiles());
    };
  }
}
