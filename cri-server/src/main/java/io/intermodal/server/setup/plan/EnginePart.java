package io.intermodal.server.setup.plan;

import io.intermodal.runtime.ContainerEngine;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.EngineConfig;
import io.intermodal.runtime.Probe;
import io.intermodal.runtime.node.CriSockets;
import io.intermodal.runtime.setup.EnginePlan;
import io.intermodal.runtime.setup.NodeFiles;
import io.intermodal.runtime.setup.NodeWishes;
import io.intermodal.runtime.setup.SetupException;
import io.intermodal.server.setup.change.WantedNode;
import io.intermodal.server.setup.change.WantedNode.WantedService;
import io.intermodal.server.setup.service.Service;
import java.time.Duration;
import java.util.Optional;

/**
 * An engine, as it says it must be.
 *
 * @param engine which
 * @param config where it is
 * @param wishes how the node is meant to be
 * @param sockets asks it whether it answers
 */
record EnginePart(
    ContainerEngine engine, EngineConfig config, NodeWishes wishes, CriSockets sockets) {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  void into(WantedNode.Builder wanted, NodeFiles files) throws SetupException {
    EnginePlan plan;
    try {
      plan = engine.nodeSetup().plan(wishes, files);
    } catch (CriException e) {
      throw new SetupException(String.valueOf(e.getMessage()), e);
    }
    wanted.files(plan.files());
    plan.daemon()
        .ifPresent(daemon ->
            wanted.service(
                new WantedService(
                    new Service(engine.name(), daemon),
                    plan.files(),
                    this::whyNot,
                    PATIENCE,
                    plan.leavings())));
  }

  private Optional<String> whyNot() {
    Probe probe = engine.probe(config, sockets);
    return probe.state() == Probe.State.RUNNING ? Optional.empty() : Optional.of(probe.detail());
  }
}
