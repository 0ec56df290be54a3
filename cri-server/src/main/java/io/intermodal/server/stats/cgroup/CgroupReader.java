package io.intermodal.server.stats.cgroup;

import io.intermodal.runtime.node.CgroupPlace;
import java.util.List;
import java.util.Optional;

/** Reads cgroups of one version. Safe for use by many threads. */
public sealed interface CgroupReader permits CgroupReader.Nothing {
  /** What the cgroup used; empty when it is gone, also when it goes while it is read. */
  Optional<CgroupReading> read(CgroupPlace place, Detail detail);

  /** The processes in the cgroup and those below it; none when it is gone. */
  List<Long> processes(CgroupPlace place);

  /** Until the versions are there. */
  record Nothing() implements CgroupReader {
    @Override
    public Optional<CgroupReading> read(CgroupPlace place, Detail detail) {
      return Optional.empty();
    }

    @Override
    public List<Long> processes(CgroupPlace place) {
      return List.of();
    }
  }
}
