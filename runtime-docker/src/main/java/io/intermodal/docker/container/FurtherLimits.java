package io.intermodal.docker.container;

import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import io.intermodal.docker.api.DockerApi;
import io.intermodal.docker.index.Container;
import io.intermodal.docker.index.EngineState;
import io.intermodal.docker.spec.resources.CgroupFiles;
import io.intermodal.docker.spec.resources.CgroupSettings;

/** Applies the limits that Docker's API cannot express to a running container. */
public final class FurtherLimits {
  private final DockerApi docker;
  private final EngineState engine;

  public FurtherLimits(DockerApi docker, EngineState engine) {
    this.docker = docker;
    this.engine = engine;
  }

  /** Writes the limits that the container was created with; mostly there are none. */
  void apply(Container container) {
    apply(container, container.cgroupSettings());
  }

  void apply(Container container, CgroupSettings settings) {
    if (!settings.isEmpty()) {
      new CgroupFiles(engine.facts().features())
          .write(container.id(), container.cgroupParent(), () -> pid(container.id()), settings);
    }
  }

  private long pid(String id) {
    ContainerState state = docker.client().inspectContainerCmd(id).exec().getState();
    Long pid = state == null ? null : state.getPidLong();
    return pid == null ? 0 : pid;
  }
}
