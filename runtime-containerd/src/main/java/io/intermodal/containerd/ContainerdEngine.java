package io.intermodal.containerd;

import io.intermodal.containerd.archives.CtrImageArchives;
import io.intermodal.containerd.setup.ContainerdSetup;
import io.intermodal.runtime.ContainerEngine;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.EngineConfig;
import io.intermodal.runtime.EngineConnection;
import io.intermodal.runtime.Probe;
import io.intermodal.runtime.images.ImageArchives;
import io.intermodal.runtime.node.CriSockets;
import io.intermodal.runtime.node.NodeServices;
import io.intermodal.runtime.setup.NodeSetup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** containerd 1.4 and later, over the Unix socket where it serves CRI. */
public final class ContainerdEngine implements ContainerEngine {
  private static final String NAME = "containerd";
  private static final String CTR = "ctr";

  /** A probe takes a second at most; the rest of it is for reading files. */
  private static final Duration PATIENCE = Duration.ofMillis(700);

  private final UsualPlaces places;

  public ContainerdEngine() {
    this(UsualPlaces.ofNode());
  }

  ContainerdEngine(UsualPlaces places) {
    this.places = places;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Probe probe(EngineConfig config, CriSockets sockets) {
    ContainerdSocket socket;
    try {
      socket = ContainerdSocket.of(config, places.sockets());
    } catch (CriException e) {
      return new Probe(
          Probe.State.UNSUPPORTED,
          config.endpoint(),
          Optional.empty(),
          String.valueOf(e.getMessage()));
    }
    return switch (sockets.ask(socket.endpoint(), PATIENCE)) {
      case CriSockets.Served served ->
          new Probe(
              Probe.State.RUNNING,
              Optional.of(socket.endpoint()),
              Optional.of(served.runtimeVersion()),
              whatIsServed(served));
      case CriSockets.WithoutCri without ->
          notUsable(
              Probe.State.UNSUPPORTED,
              socket,
              new WithoutCri(socket, places)
                  .why(ListeningProcess.of(without.pid(), socket.path(), places.processes())));
      case CriSockets.Unanswered unanswered ->
          notUsable(
              Probe.State.STOPPED,
              socket,
              "containerd on %s does not answer (%s): look into its log (journalctl -u containerd)"
                  .formatted(socket.endpoint(), unanswered.why()));
      case CriSockets.Unreachable unreachable -> unreachable(socket, unreachable.why());
    };
  }

  private static String whatIsServed(CriSockets.Served served) {
    String versions = served.versions().stream().sorted().collect(Collectors.joining(" and "));
    return served.runtimeName().equals(NAME)
        ? "CRI " + versions
        : "CRI %s, by an engine that calls itself \"%s\"".formatted(versions, served.runtimeName());
  }

  private Probe unreachable(ContainerdSocket socket, String why) {
    Optional<Path> program = places.programs().stream().filter(Files::isExecutable).findFirst();
    return program
        .map(path ->
            notUsable(
                Probe.State.STOPPED,
                socket,
                ("%s is installed, but nobody listens on %s (%s): start it (systemctl start"
                        + " containerd), or say where it listens (--containerd-endpoint)")
                    .formatted(path, socket.endpoint(), why)))
        .orElseGet(() ->
            notUsable(
                Probe.State.ABSENT,
                socket,
                ("no containerd was found, and nobody listens on %s (%s): install it, or say"
                        + " where it listens (--containerd-endpoint)")
                    .formatted(socket.endpoint(), why)));
  }

  private static Probe notUsable(Probe.State state, ContainerdSocket socket, String detail) {
    return new Probe(state, Optional.of(socket.endpoint()), Optional.empty(), detail);
  }

  /** The socket is chosen here, once: one that appears later is found when it is configured. */
  @Override
  public EngineConnection connect(EngineConfig config, Supplier<NodeServices> node) {
    return new ContainerdConnection(ContainerdSocket.of(config, places.sockets()), places);
  }

  /** Of containerd by itself: K3s, K0s and MicroK8s set up the one that they bring. */
  @Override
  public NodeSetup nodeSetup() {
    return new ContainerdSetup(places.configuration(), places.ownPrograms());
  }

  /** By {@code ctr}, which comes with each containerd and beside it. */
  @Override
  public ImageArchives imageArchives(EngineConfig config, Path workFolder) {
    ContainerdSocket socket = ContainerdSocket.of(config, places.sockets());
    return new CtrImageArchives(ctrOf(socket), socket.path());
  }

  private Path ctrOf(ContainerdSocket socket) {
    return Stream.concat(
            ListeningProcess.on(socket.path(), places.processes())
                .flatMap(ListeningProcess::program)
                .stream(),
            places.programs().stream())
        .map(containerd -> containerd.resolveSibling(CTR))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() ->
            CriException.unimplemented(
                "there is no ctr beside containerd, which loads and saves its images: install the one of the same version"));
  }
}
