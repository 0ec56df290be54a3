package io.intermodal.rkt.pod;

import io.intermodal.cri.v1.ContainerConfig;

/** What a container's process reads. */
public enum Input {
  /** Nothing. */
  NONE,
  /** What clients type, without an end. */
  OPEN,
  /** The same, until the first client ends it. */
  ONCE;

  /** That of a request. */
  public static Input of(ContainerConfig config) {
    if (!config.getStdin()) {
      return NONE;
    }
    return config.getStdinOnce() ? ONCE : OPEN;
  }
}
