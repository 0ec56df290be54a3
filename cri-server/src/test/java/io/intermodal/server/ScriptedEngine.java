package io.intermodal.server;

import io.intermodal.cri.v1.ExecSyncRequest;
import io.intermodal.cri.v1.ExecSyncResponse;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.ContainerEngine;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.EngineConfig;
import io.intermodal.runtime.EngineConnection;
import io.intermodal.runtime.Probe;
import io.intermodal.runtime.node.CriSockets;
import io.intermodal.runtime.node.NodeServices;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Found by the service loader under the name "scripted", for tests that run the whole program. Its
 * ExecSync takes as many seconds as the request's timeout says.
 */
public final class ScriptedEngine implements ContainerEngine {
  @Override
  public String name() {
    return "scripted";
  }

  @Override
  public Probe probe(EngineConfig config, CriSockets sockets) {
    return new Probe(Probe.State.UNSUPPORTED, Optional.empty(), Optional.empty(), "only for tests");
  }

  @Override
  public EngineConnection connect(EngineConfig config, Supplier<NodeServices> node) {
    return new ReadyEngine(name()) {
      @Override
      public ExecSyncResponse execSync(ExecSyncRequest request, Call call) {
        try {
          Thread.sleep(request.getTimeout() * 1000);
        } catch (InterruptedException e) {
          throw new CriException(CriException.Code.CANCELLED, "interrupted", e);
        }
        return ExecSyncResponse.newBuilder().setExitCode(7).build();
      }
    };
  }
}
