package io.intermodal.server.top.usage;

import java.util.List;

/**
 * A pod with its containers and something known of each.
 *
 * @param <T> what is known: a {@link Reading} of one moment, or the {@link Usage} between two
 */
public record Pod<T>(
    String id, String namespace, String name, T known, List<Container<T>> containers) {
  public Pod {
    containers = List.copyOf(containers);
  }

  /** A container of the pod. */
  public record Container<T>(String id, String name, T known) {}
}
