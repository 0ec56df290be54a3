package io.intermodal.docker.events;

import io.intermodal.cri.v1.ContainerEventResponse;
import io.intermodal.cri.v1.ContainerEventType;
import io.intermodal.cri.v1.ContainerStatus;
import io.intermodal.docker.events.Transitions.Life;
import io.intermodal.docker.index.Container;
import io.intermodal.docker.index.Index;
import io.intermodal.docker.index.IndexObserver;
import io.intermodal.docker.index.Sandbox;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.contract.Timestamps;
import io.intermodal.runtime.events.Broadcast;
import io.intermodal.runtime.events.Subscription;
import io.intermodal.runtime.node.PodNetwork;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * GetContainerEvents: what changes in the index, with the whole pod as it is then. Nothing is put
 * together when nobody listens.
 *
 * <p>As with containerd and CRI-O, sandboxes have events too, under their own id; a container's
 * deletion shows its pod without it, a sandbox's deletion shows that sandbox. The kubelet keeps a
 * pod's status by the time of the event and prefers the newest, so that is when the status was
 * taken and not when a process ended.
 */
public final class GetContainerEvents implements IndexObserver, AutoCloseable {
  /** As many as the kubelet itself keeps before it drops some. */
  private static final int QUEUED = 1000;

  private final PodNetwork network;
  private final Clock clock;
  private final Broadcast<ContainerEventResponse> broadcast =
      new Broadcast<>(
          QUEUED,
          new CriException(
              Code.UNAVAILABLE,
              "the connection to Docker was closed: subscribe anew, then list again"));

  public GetContainerEvents(PodNetwork network, Clock clock) {
    this.network = network;
    this.clock = clock;
  }

  /** Everything that happens from now on. */
  public Subscription<ContainerEventResponse> subscribe() {
    return broadcast.subscribe();
  }

  @Override
  public void sandboxChanged(Index index, @Nullable Sandbox before, @Nullable Sandbox after) {
    Sandbox shown = after != null ? after : before;
    if (shown == null || !broadcast.hasReaders()) {
      return;
    }
    List<ContainerEventType> events = Transitions.between(life(before), life(after));
    Sandbox pod = after != null ? after : shown.gone(Timestamps.now(clock));
    for (ContainerEventType event : events) {
      publish(event, pod.id(), Optional.of(pod), statuses(index, pod.id()));
    }
  }

  @Override
  public void containerChanged(Index index, @Nullable Container before, @Nullable Container after) {
    Container shown = after != null ? after : before;
    if (shown == null || !broadcast.hasReaders()) {
      return;
    }
    for (ContainerEventType event : Transitions.between(life(before), life(after))) {
      List<ContainerStatus> statuses = statuses(index, shown.sandboxId());
      if (after == null && event == ContainerEventType.CONTAINER_STOPPED_EVENT) {
        // It went without an end that we saw; whoever waits for the end must find it.
        statuses.add(shown.vanished(Timestamps.now(clock)).status());
      }
      publish(event, shown.id(), index.sandbox(shown.sandboxId()), statuses);
    }
  }

  private static @Nullable Life life(@Nullable Sandbox sandbox) {
    return sandbox == null ? null : Life.of(sandbox);
  }

  private static @Nullable Life life(@Nullable Container container) {
    return container == null ? null : Life.of(container);
  }

  private static List<ContainerStatus> statuses(Index index, String sandboxId) {
    List<ContainerStatus> statuses = new ArrayList<>();
    index.containersOf(sandboxId).stream()
        .sorted(Container.NEWEST_FIRST)
        .forEach(container -> statuses.add(container.status()));
    return statuses;
  }

  private void publish(
      ContainerEventType event, String id, Optional<Sandbox> pod, List<ContainerStatus> statuses) {
    ContainerEventResponse.Builder message =
        ContainerEventResponse.newBuilder()
            .setContainerId(id)
            .setContainerEventType(event)
            .setCreatedAt(Timestamps.now(clock))
            .addAllContainersStatuses(statuses);
    pod.ifPresent(sandbox -> message.setPodSandboxStatus(sandbox.status(network)));
    broadcast.publish(message.build());
  }

  /** Ends all streams. */
  @Override
  public void close() {
    broadcast.close();
  }
}
