package io.intermodal.rkt.container;

import io.intermodal.cri.v1.ContainerResources;
import io.intermodal.cri.v1.ContainerState;
import io.intermodal.cri.v1.LinuxContainerResources;
import io.intermodal.cri.v1.UpdateContainerResourcesRequest;
import io.intermodal.cri.v1.UpdateContainerResourcesResponse;
import io.intermodal.rkt.command.PodSystemd;
import io.intermodal.rkt.command.ProgramRun.Ended;
import io.intermodal.rkt.index.Container;
import io.intermodal.rkt.index.Index;
import io.intermodal.rkt.index.Notes;
import io.intermodal.rkt.index.Sandbox;
import io.intermodal.rkt.pod.PodProcess;
import io.intermodal.rkt.spec.Limits;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * UpdateContainerResources: of a created or running container, by its service in the pod's systemd,
 * which would undo what is written to cgroups directly. The status shows them at once.
 */
public final class UpdateContainerResources {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Index index;
  private final Notes notes;

  public UpdateContainerResources(Index index, Notes notes) {
    this.index = index;
    this.notes = notes;
  }

  public UpdateContainerResourcesResponse update(
      UpdateContainerResourcesRequest request, Call call) {
    Container container = Containers.named(request.getContainerId(), index, call);
    if (container.state() == ContainerState.CONTAINER_EXITED) {
      throw CriException.failedPrecondition(
          "container %s has ended: its resources cannot change".formatted(container.id()));
    }
    Limits.check(request.getLinux());
    PodProcess pod =
        index
            .sandbox(container.sandboxId())
            .flatMap(Sandbox::process)
            .orElseThrow(() ->
                CriException.failedPrecondition(
                    "container %s: its pod does not run".formatted(container.id())));
    apply(container, pod, request.getLinux());
    ContainerResources resources =
        ContainerResources.newBuilder()
            .setLinux(
                Limits.changed(container.status().getResources().getLinux(), request.getLinux()))
            .build();
    notes.noteResources(container.id(), resources);
    index.container(container.id()).ifPresent(now -> index.put(now.limitedBy(resources)));
    return UpdateContainerResourcesResponse.getDefaultInstance();
  }

  private static void apply(Container container, PodProcess pod, LinuxContainerResources wish) {
    set(container, pod, wish);
    long limit = wish.getMemoryLimitInBytes();
    OptionalLong taken = pod.memoryLimitOf(container.app());
    // systemd does not say that the kernel refuses it.
    if (limit > 0 && taken.isPresent() && taken.getAsLong() > limit) {
      long before = container.status().getResources().getLinux().getMemoryLimitInBytes();
      set(
          container,
          pod,
          LinuxContainerResources.newBuilder()
              .setMemoryLimitInBytes(before > 0 ? before : -1)
              .build());
      throw CriException.failedPrecondition(
          "container %s: memory_limit_in_bytes %d is less than it uses, and the kernel cannot take so much from it"
              .formatted(container.id(), limit));
    }
  }

  private static void set(Container container, PodProcess pod, LinuxContainerResources wish) {
    List<String> properties = Limits.properties(wish);
    if (properties.isEmpty()) {
      return;
    }
    List<String> words =
        new ArrayList<>(List.of("set-property", "--runtime", container.app() + ".service"));
    words.addAll(properties);
    Ended ended = PodSystemd.run(pod, LIMIT, words.toArray(String[]::new));
    if (!ended.succeeded()) {
      throw new CriException(
          Code.UNKNOWN,
          "container %s: the pod's systemd did not take %s: %s"
              .formatted(container.id(), properties, ended.errors().strip()));
    }
  }
}
