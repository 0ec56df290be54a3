package io.intermodal.rkt;

import io.intermodal.rkt.command.Rkt;
import io.intermodal.rkt.command.RktCommand;
import io.intermodal.runtime.ContainerEngine;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.EngineConfig;
import io.intermodal.runtime.EngineConnection;
import io.intermodal.runtime.Probe;
import io.intermodal.runtime.node.CriSockets;
import io.intermodal.runtime.node.NodeServices;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** rkt 1.30, by its command line. */
public final class RktEngine implements ContainerEngine {
  private static final Duration PROBE = Duration.ofMillis(900);

  @Override
  public String name() {
    return "rkt";
  }

  /**
   * {@inheritDoc}
   *
   * <p>It has no daemon, so an rkt that tells its version runs. Whether it can run pods is found
   * out when it is connected.
   */
  @Override
  public Probe probe(EngineConfig config, CriSockets sockets) {
    try {
      RktCommand command = RktCommand.of(config.endpoint());
      String version = new Rkt(command).version(PROBE);
      return new Probe(
          Probe.State.RUNNING,
          Optional.of(String.join(" ", command.words())),
          Optional.of(version),
          "it has no daemon and is run for each request");
    } catch (CriException e) {
      return new Probe(
          state(e), config.endpoint(), Optional.empty(), String.valueOf(e.getMessage()));
    }
  }

  private static Probe.State state(CriException e) {
    return switch (e.code()) {
      case UNAVAILABLE -> Probe.State.ABSENT;
      case DEADLINE_EXCEEDED -> Probe.State.STOPPED;
      default -> Probe.State.UNSUPPORTED;
    };
  }

  @Override
  public EngineConnection connect(EngineConfig config, Supplier<NodeServices> node) {
    return new RktConnection(new Rkt(RktCommand.of(config.endpoint())), node.get());
  }
}
