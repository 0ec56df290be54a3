package io.intermodal.server.stats.cgroup;

import io.intermodal.runtime.node.statistics.CgroupPlace;
import java.util.List;
import java.util.Optional;

/** Reads cgroups of one version. Safe for use by many threads. */
public interface CgroupReader extends AutoCloseable {
  /** What the cgroup used; empty when it is gone, also when it goes while it is read. */
  Optional<CgroupReading> read(CgroupPlace place, Detail detail);

  /** The processes in the cgroup and those below it; none when it is gone. */
  List<Long> processes(CgroupPlace place);

  /** Closes the files that are kept open. */
  @Override
  void close();
}
