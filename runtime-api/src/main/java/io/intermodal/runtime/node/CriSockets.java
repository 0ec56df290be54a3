package io.intermodal.runtime.node;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;

/** Asks whoever listens on a Unix socket whether it serves CRI. Lent to engines that speak CRI. */
public interface CriSockets {
  /**
   * Asks both versions of CRI for their {@code Version}. Never throws.
   *
   * @param endpoint {@code unix:///run/containerd/containerd.sock}
   * @param patience how long to wait at most, for all of it
   */
  Answer ask(String endpoint, Duration patience);

  /** What was found. */
  sealed interface Answer {}

  /**
   * It serves CRI.
   *
   * @param versions "v1", "v1alpha2" or both
   * @param runtimeName as the engine calls itself
   * @param runtimeVersion the engine's own version
   * @param pid the process that listens; empty when the kernel does not tell
   */
  record Served(Set<String> versions, String runtimeName, String runtimeVersion, OptionalLong pid)
      implements Answer {
    public Served {
      versions = Set.copyOf(versions);
    }
  }

  /**
   * It speaks gRPC but knows no version of CRI.
   *
   * @param said its own words
   */
  record WithoutCri(String said, OptionalLong pid) implements Answer {}

  /**
   * Somebody listens and did not answer in time, or not in gRPC, or with an error.
   *
   * @param why one sentence
   */
  record Unanswered(String why, OptionalLong pid) implements Answer {}

  /**
   * Nobody listens there.
   *
   * @param why one sentence: no such file, refused
   */
  record Unreachable(String why) implements Answer {}
}
