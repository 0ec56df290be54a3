package io.intermodal.containerd;

import io.intermodal.runtime.ContainerEngine;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.EngineConfig;
import io.intermodal.runtime.EngineConnection;
import io.intermodal.runtime.Probe;
import io.intermodal.runtime.node.CriSockets;
import io.intermodal.runtime.node.NodeServices;
import java.util.Optional;
import java.util.function.Supplier;

/** containerd. This version knows its name and refuses to serve it. */
public final class ContainerdEngine implements ContainerEngine {
  private static final String REFUSAL =
      "containerd is not supported yet: use --container-runtime=docker";

  @Override
  public String name() {
    return "containerd";
  }

  @Override
  public Probe probe(EngineConfig config, CriSockets sockets) {
    return new Probe(Probe.State.UNSUPPORTED, config.endpoint(), Optional.empty(), REFUSAL);
  }

  @Override
  public EngineConnection connect(EngineConfig config, Supplier<NodeServices> node) {
    throw CriException.unimplemented(REFUSAL);
  }
}
