package io.intermodal.crio;

import io.intermodal.crio.archives.SkopeoImageArchives;
import io.intermodal.crio.archives.Storage;
import io.intermodal.crio.setup.CrioSetup;
import io.intermodal.runtime.ContainerEngine;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.EngineConfig;
import io.intermodal.runtime.EngineConnection;
import io.intermodal.runtime.Probe;
import io.intermodal.runtime.images.ImageArchives;
import io.intermodal.runtime.node.CriSockets;
import io.intermodal.runtime.node.NodeServices;
import io.intermodal.runtime.setup.NodeSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** CRI-O 1.20 and later, over the Unix socket where it serves CRI. */
public final class CrioEngine implements ContainerEngine {
  private static final String NAME = "cri-o";

  private static final List<Path> SKOPEO =
      List.of(Path.of("/usr/bin/skopeo"), Path.of("/usr/local/bin/skopeo"));

  /** A probe takes a second at most. */
  private static final Duration PATIENCE = Duration.ofMillis(800);

  private final UsualPlaces places;

  public CrioEngine() {
    this(UsualPlaces.ofNode());
  }

  CrioEngine(UsualPlaces places) {
    this.places = places;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Probe probe(EngineConfig config, CriSockets sockets) {
    CrioSocket socket;
    try {
      socket = CrioSocket.of(config, places.sockets());
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
              "%s (it says: %s)".formatted(withoutCri(socket), without.said()));
      case CriSockets.Unanswered unanswered ->
          notUsable(
              Probe.State.STOPPED,
              socket,
              "CRI-O on %s does not answer (%s): look into its log (journalctl -u crio)"
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

  /** CRI-O has no switch for CRI: whoever serves none is something else. */
  static String withoutCri(CrioSocket socket) {
    return ("what listens on %s serves no CRI and so is not CRI-O: say where CRI-O listens"
            + " (--crio-endpoint)")
        .formatted(socket.endpoint());
  }

  private Probe unreachable(CrioSocket socket, String why) {
    Optional<Path> program = places.programs().stream().filter(Files::isExecutable).findFirst();
    return program
        .map(path ->
            notUsable(
                Probe.State.STOPPED,
                socket,
                ("%s is installed, but nobody listens on %s (%s): start it (systemctl start"
                        + " crio), or say where it listens (--crio-endpoint)")
                    .formatted(path, socket.endpoint(), why)))
        .orElseGet(() ->
            notUsable(
                Probe.State.ABSENT,
                socket,
                ("no CRI-O was found, and nobody listens on %s (%s): install it, or say where"
                        + " it listens (--crio-endpoint)")
                    .formatted(socket.endpoint(), why)));
  }

  private static Probe notUsable(Probe.State state, CrioSocket socket, String detail) {
    return new Probe(state, Optional.of(socket.endpoint()), Optional.empty(), detail);
  }

  /** The socket is chosen here, once: one that appears later is found when it is configured. */
  @Override
  public EngineConnection connect(EngineConfig config, Supplier<NodeServices> node) {
    return new CrioConnection(CrioSocket.of(config, places.sockets()), places);
  }

  @Override
  public NodeSetup nodeSetup() {
    return new CrioSetup(places.configuration(), places.dropIns(), places.programs());
  }

  /** By skopeo, in the storage of the CRI-O that runs. */
  @Override
  public ImageArchives imageArchives(EngineConfig config, Path workFolder) {
    Path skopeo =
        SKOPEO.stream()
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow(() ->
                CriException.unimplemented(
                    "CRI-O loads no image archives and saves none; skopeo does that for it: install it (apt-get install skopeo)"));
    CrioSocket socket = CrioSocket.of(config, places.sockets());
    try {
      Storage storage = Storage.of(ConfigRequest.answer(socket.path(), PATIENCE));
      return new SkopeoImageArchives(skopeo, storage, workFolder);
    } catch (IOException e) {
      throw new CriException(
          CriException.Code.UNAVAILABLE,
          "where CRI-O on %s keeps its images is not known (%s): is it running?"
              .formatted(socket.endpoint(), e.getMessage()),
          e);
    }
  }
}
