package io.intermodal.docker.index;

import io.intermodal.runtime.node.statistics.PodStatistics;
import java.util.Set;

/** What is remembered of containers and pods beside the index, and goes when they do. */
public final class Belongings {
  private final PodStatistics statistics;
  private final WritableLayers layers;
  private final ChangedLimits limits;

  public Belongings(PodStatistics statistics, WritableLayers layers, ChangedLimits limits) {
    this.statistics = statistics;
    this.layers = layers;
    this.limits = limits;
  }

  /** A container runs. */
  void started(String id) {
    layers.measure(id);
  }

  /** A container or sandbox is gone from the engine. */
  void forget(String id) {
    statistics.forget(id);
    layers.forget(id);
    limits.forget(id);
  }

  /** Forgets what was removed while no server ran. */
  void retainOnly(Set<String> existing) {
    limits.retainOnly(existing);
  }
}
