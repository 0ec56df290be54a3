package io.intermodal.server.stats.cgroup;

import java.util.OptionalLong;

/**
 * Input and output of a cgroup on one block device, since it was made.
 *
 * @param major the device's major number
 * @param minor the device's minor number
 * @param bytes how much
 * @param operations how often
 */
public record DeviceCounters(int major, int minor, Directions bytes, Directions operations) {

  /**
   * One count, by what was done.
   *
   * @param read from the device
   * @param written to the device
   * @param discarded told the device that it is free
   * @param sync waited for; only version 1 tells
   * @param async not waited for; only version 1 tells
   */
  public record Directions(
      OptionalLong read,
      OptionalLong written,
      OptionalLong discarded,
      OptionalLong sync,
      OptionalLong async) {}
}
