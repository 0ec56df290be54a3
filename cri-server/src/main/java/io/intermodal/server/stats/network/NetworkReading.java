package io.intermodal.server.stats.network;

import java.util.List;
import java.util.Optional;

/**
 * The interfaces of a network namespace, without {@code lo}.
 *
 * @param readAt when they were read, in ns since 1970
 * @param defaultInterface the one with the default route, {@code eth0} when no route tells
 * @param others the others, in the kernel's order
 */
public record NetworkReading(
    long readAt, Optional<InterfaceCounters> defaultInterface, List<InterfaceCounters> others) {
  public NetworkReading {
    others = List.copyOf(others);
  }
}
