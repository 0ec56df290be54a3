package io.intermodal.server.top.usage;

import java.util.Collection;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a pod or a container uses now. Whatever is not known, or not yet, is empty.
 *
 * @param cores CPUs: 0.25 is a quarter of one
 * @param memory the working set in bytes
 * @param limit of the memory, in bytes
 * @param received bytes a second
 * @param sent bytes a second
 * @param processes how many
 * @param writableLayer bytes
 */
public record Usage(
    OptionalDouble cores,
    OptionalLong memory,
    OptionalLong limit,
    OptionalDouble received,
    OptionalDouble sent,
    OptionalLong processes,
    OptionalLong writableLayer) {

  /** Received and sent together, in bytes a second. */
  public OptionalDouble traffic() {
    return received.isEmpty() && sent.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(received.orElse(0) + sent.orElse(0));
  }

  /**
   * With what a pod's containers use in place of what is not known of the pod itself. Their limits
   * do not add up: a container without one has none.
   */
  Usage completedBy(Collection<Usage> containers) {
    return new Usage(
        cores.isPresent() ? cores : sum(containers.stream().map(Usage::cores).toList()),
        memory.isPresent() ? memory : total(containers.stream().map(Usage::memory).toList()),
        limit,
        received,
        sent,
        processes,
        writableLayer.isPresent()
            ? writableLayer
            : total(containers.stream().map(Usage::writableLayer).toList()));
  }

  private static OptionalDouble sum(Collection<OptionalDouble> values) {
    return values.stream().anyMatch(OptionalDouble::isPresent)
        ? OptionalDouble.of(values.stream().mapToDouble(value -> value.orElse(0)).sum())
        : OptionalDouble.empty();
  }

  private static OptionalLong total(Collection<OptionalLong> values) {
    return values.stream().anyMatch(OptionalLong::isPresent)
        ? OptionalLong.of(values.stream().mapToLong(value -> value.orElse(0)).sum())
        : OptionalLong.empty();
  }
}
