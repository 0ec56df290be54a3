package io.intermodal.server.top.usage;

import io.intermodal.server.top.usage.Pod.Container;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Makes rates of readings. It remembers the last reading of each pod and container, by id: a
 * container that was made anew has a new one, and what has vanished is forgotten. For one thread.
 */
final class Meters {
  private Map<String, Group> groups = Map.of();

  /** The meters of one pod or container. */
  private record Group(Optional<Meter> cpu, Optional<Meter> received, Optional<Meter> sent) {
    static final Group NEW = new Group(Optional.empty(), Optional.empty(), Optional.empty());

    Group read(Reading reading) {
      return new Group(
          Meter.read(cpu, reading.cpu()),
          Meter.read(received, reading.received()),
          Meter.read(sent, reading.sent()));
    }
  }

  /** What everything uses, from these readings and the ones before. */
  List<Pod<Usage>> read(List<Pod<Reading>> pods) {
    Map<String, Group> next = new HashMap<>();
    List<Pod<Usage>> read = pods.stream().map(pod -> pod(pod, next)).toList();
    groups = next;
    return read;
  }

  private Pod<Usage> pod(Pod<Reading> pod, Map<String, Group> next) {
    List<Container<Usage>> containers =
        pod.containers().stream()
            .map(each ->
                new Container<>(each.id(), each.name(), usage(each.id(), each.known(), next)))
            .toList();
    Usage usage =
        usage(pod.id(), pod.known(), next)
            .completedBy(containers.stream().map(Container::known).toList());
    return new Pod<>(pod.id(), pod.namespace(), pod.name(), usage, containers);
  }

  private Usage usage(String id, Reading reading, Map<String, Group> next) {
    Group group = groups.getOrDefault(id, Group.NEW).read(reading);
    next.put(id, group);
    OptionalDouble nanos = rate(group.cpu);
    return new Usage(
        nanos.isPresent() ? OptionalDouble.of(nanos.getAsDouble() * 1e-9) : reading.cores(),
        reading.workingSet(),
        reading.limit(),
        rate(group.received),
        rate(group.sent),
        reading.processes(),
        reading.writableLayer());
  }

  private static OptionalDouble rate(Optional<Meter> meter) {
    return meter.map(Meter::perSecond).orElse(OptionalDouble.empty());
  }
}
