package io.intermodal.docker.node;

import io.intermodal.cri.v1.LinuxRuntimeConfiguration;
import io.intermodal.cri.v1.RuntimeConfigResponse;
import io.intermodal.docker.index.EngineState;

/** RuntimeConfig: the cgroup driver that Docker uses, so that a kubelet uses the same. */
public final class RuntimeConfig {
  private final EngineState engine;

  public RuntimeConfig(EngineState engine) {
    this.engine = engine;
  }

  public RuntimeConfigResponse config() {
    return RuntimeConfigResponse.newBuilder()
        .setLinux(
            LinuxRuntimeConfiguration.newBuilder()
                .setCgroupDriver(engine.facts().features().cgroupDriver()))
        .build();
  }
}
