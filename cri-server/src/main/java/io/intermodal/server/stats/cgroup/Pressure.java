package io.intermodal.server.stats.cgroup;

import java.util.Optional;

/**
 * How long tasks waited for one resource (the kernel's PSI).
 *
 * @param some while at least one of them waited
 * @param full while all of them waited; older kernels do not tell it for CPUs
 */
public record Pressure(Stall some, Optional<Stall> full) {

  /**
   * Time spent waiting.
   *
   * @param total since the cgroup was made, in ns; the kernel counts microseconds
   * @param avg10 part of the last 10 s, in percent
   * @param avg60 part of the last 60 s, in percent
   * @param avg300 part of the last 300 s, in percent
   */
  public record Stall(long total, double avg10, double avg60, double avg300) {}
}
