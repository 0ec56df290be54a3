package io.intermodal.rkt.statistics;

import io.intermodal.rkt.index.Container;
import io.intermodal.rkt.index.Index;
import io.intermodal.rkt.index.Sandbox;
import io.intermodal.rkt.pod.PodProcess;
import io.intermodal.runtime.node.statistics.CgroupPlace;
import io.intermodal.runtime.node.statistics.MeasuredContainer;
import io.intermodal.runtime.node.statistics.MeasuredPod;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Pods and containers of the index as what is measured. */
public final class Subjects {
  private static final String NOWHERE = "gone";

  private final Index index;

  public Subjects(Index index) {
    this.index = index;
  }

  MeasuredContainer of(Container container) {
    Optional<PodProcess> pod = index.sandbox(container.sandboxId()).flatMap(Sandbox::process);
    return of(container, pod);
  }

  private static MeasuredContainer of(Container container, Optional<PodProcess> pod) {
    return new MeasuredContainer(
        container.attributes(),
        container.status().getImage().getImage(),
        new CgroupPlace(pod.map(running -> running.cgroupOf(container.app())).orElse(NOWHERE), 0),
        container.status().getStartedAt(),
        writableLayer(container, pod));
  }

  /** What the app wrote over its image; empty when that cannot be seen from here. */
  Optional<Path> writableLayer(Container container) {
    return writableLayer(container, index.sandbox(container.sandboxId()).flatMap(Sandbox::process));
  }

  private static Optional<Path> writableLayer(Container container, Optional<PodProcess> pod) {
    return pod.flatMap(running -> running.writableLayerOf(container.app()));
  }

  /** The pod with those of its containers that run. */
  MeasuredPod of(Sandbox sandbox) {
    return of(sandbox, index.containersOf(sandbox.id()));
  }

  /** Several pods, each with those of its containers that run. */
  List<MeasuredPod> of(List<Sandbox> sandboxes) {
    // One walk over the containers, however many pods there are.
    Map<String, List<Container>> byPod =
        index.containers().stream().collect(Collectors.groupingBy(Container::sandboxId));
    return sandboxes.stream()
        .map(sandbox -> of(sandbox, byPod.getOrDefault(sandbox.id(), List.of())))
        .toList();
  }

  private static MeasuredPod of(Sandbox sandbox, List<Container> containers) {
    Optional<PodProcess> pod = sandbox.process();
    String scope = pod.map(PodProcess::scope).orElse(NOWHERE);
    return new MeasuredPod(
        sandbox.attributes(),
        new CgroupPlace(scope + "/payload/init.scope", pod.map(PodProcess::init).orElse(0L)),
        pod.flatMap(PodProcess::ownCgroup),
        sandbox.hostNetwork(),
        sandbox.facts().getCreatedAt(),
        containers.stream()
            .filter(Container::running)
            .sorted(Container.NEWEST_FIRST)
            .map(container -> of(container, pod))
            .toList());
  }
}
