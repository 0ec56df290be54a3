package io.intermodal.rkt.node;

import io.intermodal.cri.v1.VersionResponse;
import io.intermodal.rkt.index.EngineState;

/** Version: rkt's name and version, as it last said. */
public final class Version {
  private static final String KUBELET_API = "0.1.0";
  private static final String CRI_API = "v1";

  private final EngineState engine;

  public Version(EngineState engine) {
    this.engine = engine;
  }

  public VersionResponse version() {
    return VersionResponse.newBuilder()
        .setVersion(KUBELET_API)
        .setRuntimeName("rkt")
        .setRuntimeVersion(engine.version())
        .setRuntimeApiVersion(CRI_API)
        .build();
  }
}
