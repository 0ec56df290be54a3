package io.intermodal.runtime.setup;

import java.util.List;
import java.util.Optional;

/**
 * What an engine needs on a node.
 *
 * @param files as they must be; the daemon reads them when it starts
 * @param daemon what must run; empty for an engine that is a program only
 * @param leavings what the engine does not take away itself when it ends
 */
public record EnginePlan(List<WantedFile> files, Optional<Daemon> daemon, Leavings leavings) {
  public EnginePlan {
    files = List.copyOf(files);
  }
}
