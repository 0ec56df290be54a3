package io.intermodal.docker.session;

import io.intermodal.docker.container.Containers;
import io.intermodal.docker.container.OverdueEnds;
import io.intermodal.docker.index.Index;

/** What a session has to know about its container all the time, from memory. */
@FunctionalInterface
interface ContainerLife {
  /** Whether it still runs. */
  boolean runs();

  /** Whether it is being stopped and should have ended by now, were it not for its sessions. */
  default boolean isOverdue() {
    return false;
  }

  static ContainerLife of(String containerId, Index index, OverdueEnds overdue) {
    return new ContainerLife() {
      @Override
      public boolean runs() {
        return Containers.runs(containerId, index);
      }

      @Override
      public boolean isOverdue() {
        return overdue.contains(containerId);
      }
    };
  }
}
