package io.intermodal.docker.container;

import com.github.dockerjava.api.command.UpdateContainerCmd;
import com.github.dockerjava.api.model.HostConfig;
import io.intermodal.cri.v1.ContainerState;
import io.intermodal.cri.v1.UpdateContainerResourcesRequest;
import io.intermodal.cri.v1.UpdateContainerResourcesResponse;
import io.intermodal.docker.api.DockerApi;
import io.intermodal.docker.api.DockerErrors;
import io.intermodal.docker.index.ChangedLimits;
import io.intermodal.docker.index.Container;
import io.intermodal.docker.index.EngineState;
import io.intermodal.docker.index.Index;
import io.intermodal.docker.index.IndexFeed;
import io.intermodal.docker.spec.resources.CgroupSettings;
import io.intermodal.docker.spec.resources.ResourceSpec;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.node.Host;

/** UpdateContainerResources: of a created or running container; the status shows them at once. */
public final class UpdateContainerResources {
  private final DockerApi docker;
  private final EngineState engine;
  private final Index index;
  private final IndexFeed feed;
  private final FurtherLimits limits;
  private final ChangedLimits changed;
  private final Host host;

  public UpdateContainerResources(
      DockerApi docker,
      EngineState engine,
      Index index,
      IndexFeed feed,
      FurtherLimits limits,
      ChangedLimits changed,
      Host host) {
    this.docker = docker;
    this.engine = engine;
    this.index = index;
    this.feed = feed;
    this.limits = limits;
    this.changed = changed;
    this.host = host;
  }

  public UpdateContainerResourcesResponse update(
      UpdateContainerResourcesRequest request, Call call) {
    Container container = Containers.named(request.getContainerId(), index, call);
    if (container.state() == ContainerState.CONTAINER_EXITED) {
      throw CriException.failedPrecondition(
          "container %s has ended: its resources cannot change".formatted(container.id()));
    }
    UpdateContainerCmd update = docker.client().updateContainerCmd(container.id());
    try {
      HostConfig present =
          docker.client().inspectContainerCmd(container.id()).exec().getHostConfig();
      CgroupSettings further =
          new ResourceSpec(engine.facts().features(), host)
              .update(update, request.getLinux(), present == null ? new HostConfig() : present);
      update.exec();
      if (container.state() == ContainerState.CONTAINER_RUNNING) {
        limits.apply(container, further);
      }
      if (!container.cgroupSettings().changedBy(further).equals(container.cgroupSettings())) {
        changed.note(container.id(), further);
      }
      feed.refresh(container.id());
    } catch (RuntimeException e) {
      throw DockerErrors.of("container " + container.id(), e);
    }
    return UpdateContainerResourcesResponse.getDefaultInstance();
  }
}
