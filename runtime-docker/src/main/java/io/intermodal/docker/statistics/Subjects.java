package io.intermodal.docker.statistics;

import io.intermodal.cri.v1.ContainerState;
import io.intermodal.docker.index.Container;
import io.intermodal.docker.index.EngineState;
import io.intermodal.docker.index.Index;
import io.intermodal.docker.index.Sandbox;
import io.intermodal.docker.index.WritableLayers;
import io.intermodal.docker.spec.resources.CgroupPaths;
import io.intermodal.runtime.node.statistics.CgroupPlace;
import io.intermodal.runtime.node.statistics.MeasuredContainer;
import io.intermodal.runtime.node.statistics.MeasuredPod;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Pods and containers of the index as what is measured. */
public final class Subjects {
  private final EngineState engine;
  private final Index index;
  private final WritableLayers layers;

  public Subjects(EngineState engine, Index index, WritableLayers layers) {
    this.engine = engine;
    this.index = index;
    this.layers = layers;
  }

  MeasuredContainer of(Container container) {
    return new MeasuredContainer(
        container.attributes(),
        container.status().getImage().getImage(),
        new CgroupPlace(
            paths().ofContainer(container.id(), container.cgroupParent()), container.pid()),
        container.status().getStartedAt(),
        layers.of(container.id()));
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
    Function<Sandbox, MeasuredPod> pod =
        sandbox -> of(sandbox, byPod.getOrDefault(sandbox.id(), List.of()));
    return sandboxes.stream().map(pod).toList();
  }

  private MeasuredPod of(Sandbox sandbox, List<Container> containers) {
    String cgroupParent = sandbox.place().cgroupParent();
    return new MeasuredPod(
        sandbox.attributes(),
        new CgroupPlace(paths().ofContainer(sandbox.id(), cgroupParent), sandbox.pid()),
        paths().ofPod(cgroupParent),
        sandbox.hostNetwork(),
        sandbox.startedAt(),
        containers.stream()
            .filter(container -> container.state() == ContainerState.CONTAINER_RUNNING)
            .sorted(Container.NEWEST_FIRST)
            .map(this::of)
            .toList());
  }

  private CgroupPaths paths() {
    return new CgroupPaths(engine.facts().features().cgroupDriver());
  }
}
