package io.intermodal.server.top.usage;

import static java.util.stream.Collectors.groupingBy;

import io.intermodal.cri.v1.Container;
import io.intermodal.cri.v1.ContainerFilter;
import io.intermodal.cri.v1.ContainerState;
import io.intermodal.cri.v1.ContainerStateValue;
import io.intermodal.cri.v1.ContainerStats;
import io.intermodal.cri.v1.ListContainerStatsRequest;
import io.intermodal.cri.v1.ListContainersRequest;
import io.intermodal.cri.v1.ListPodSandboxRequest;
import io.intermodal.cri.v1.ListPodSandboxStatsRequest;
import io.intermodal.cri.v1.PodSandbox;
import io.intermodal.cri.v1.PodSandboxFilter;
import io.intermodal.cri.v1.PodSandboxState;
import io.intermodal.cri.v1.PodSandboxStateValue;
import io.intermodal.cri.v1.PodSandboxStats;
import io.intermodal.runtime.CriException;
import io.intermodal.server.client.CriClient;
import io.intermodal.server.client.Deadline;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Asks a CRI server what its pods use. For one thread.
 *
 * <p>Only what runs is asked for: ready sandboxes and running containers. A server that knows no
 * pods' statistics is asked for its containers' alone; a pod's row is then their sum.
 */
public final class Sampler {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final CriClient cri;
  private final PodFilter filter;
  private final Meters meters = new Meters();

  public Sampler(CriClient cri, PodFilter filter) {
    this.cri = cri;
    this.filter = filter;
  }

  /**
   * One more sample. The first has no rates but those that the server makes itself.
   *
   * @throws CriException when the server does not answer within a few seconds, or refuses
   */
  public List<Pod<Usage>> sample() {
    cri.tryAgainNow();
    Deadline deadline = Deadline.in(PATIENCE);
    List<PodSandbox> pods = pods(deadline);
    Map<String, List<Container>> containers =
        containers(deadline).stream().collect(groupingBy(Container::getPodSandboxId));
    Map<String, Reading> readings = new HashMap<>();
    for (PodSandboxStats stats : podStats(deadline)) {
      readings.put(stats.getAttributes().getId(), Reading.of(stats.getLinux()));
      put(readings, stats.getLinux().getContainersList());
    }
    boolean missing =
        containers.values().stream()
            .flatMap(List::stream)
            .anyMatch(container -> !readings.containsKey(container.getId()));
    if (missing) {
      put(readings, containerStats(deadline));
    }
    return meters.read(
        pods.stream()
            .filter(filter::accepts)
            .map(pod -> pod(pod, containers.getOrDefault(pod.getId(), List.of()), readings))
            .toList());
  }

  private static void put(Map<String, Reading> readings, List<ContainerStats> stats) {
    stats.forEach(each -> readings.put(each.getAttributes().getId(), Reading.of(each)));
  }

  private static Pod<Reading> pod(
      PodSandbox pod, List<Container> containers, Map<String, Reading> readings) {
    return new Pod<>(
        pod.getId(),
        pod.getMetadata().getNamespace(),
        pod.getMetadata().getName(),
        readings.getOrDefault(pod.getId(), Reading.NONE),
        containers.stream()
            .map(each ->
                new Pod.Container<>(
                    each.getId(),
                    each.getMetadata().getName(),
                    readings.getOrDefault(each.getId(), Reading.NONE)))
            .toList());
  }

  private List<PodSandbox> pods(Deadline deadline) {
    ListPodSandboxRequest request =
        ListPodSandboxRequest.newBuilder()
            .setFilter(
                PodSandboxFilter.newBuilder()
                    .setState(
                        PodSandboxStateValue.newBuilder().setState(PodSandboxState.SANDBOX_READY)))
            .build();
    return cri.runtime(deadline, "ListPodSandbox", s -> s.listPodSandbox(request)).getItemsList();
  }

  private List<Container> containers(Deadline deadline) {
    ListContainersRequest request =
        ListContainersRequest.newBuilder()
            .setFilter(
                ContainerFilter.newBuilder()
                    .setState(
                        ContainerStateValue.newBuilder()
                            .setState(ContainerState.CONTAINER_RUNNING)))
            .build();
    return cri.runtime(deadline, "ListContainers", s -> s.listContainers(request))
        .getContainersList();
  }

  private List<ContainerStats> containerStats(Deadline deadline) {
    return cri.runtime(
            deadline,
            "ListContainerStats",
            s -> s.listContainerStats(ListContainerStatsRequest.getDefaultInstance()))
        .getStatsList();
  }

  private List<PodSandboxStats> podStats(Deadline deadline) {
    try {
      return cri.runtime(
              deadline,
              "ListPodSandboxStats",
              s -> s.listPodSandboxStats(ListPodSandboxStatsRequest.getDefaultInstance()))
          .getStatsList();
    } catch (CriException e) {
      if (notImplemented(e)) {
        return List.of();
      }
      throw e;
    }
  }

  /** Servers of the time before this call had a code say so in words only. */
  private static boolean notImplemented(CriException e) {
    return e.code() == CriException.Code.UNIMPLEMENTED
        || (e.code() == CriException.Code.UNKNOWN
            && String.valueOf(e.getMessage()).contains("not implemented"));
  }
}
