package io.intermodal.containerd;

import io.intermodal.containerd.config.ContainerdConfig;
import io.intermodal.cri.v1.CgroupDriver;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.EngineConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What containerd does not say of itself. It holds nothing open: each question reads the files as
 * they are now.
 */
final class ContainerdConnection implements EngineConnection.Forwarding {
  private static final Logger log = LoggerFactory.getLogger(ContainerdConnection.class);

  private final ContainerdSocket socket;
  private final UsualPlaces places;

  ContainerdConnection(ContainerdSocket socket, UsualPlaces places) {
    this.socket = socket;
    this.places = places;
  }

  @Override
  public String endpoint() {
    return socket.endpoint();
  }

  @Override
  public Optional<CgroupDriver> cgroupDriver() {
    Path file = listener().flatMap(ListeningProcess::configuration).orElse(places.configuration());
    try {
      return Optional.of(ContainerdConfig.read(file).cgroupDriver());
    } catch (IOException e) {
      log.warn(
          "the cgroup driver of containerd on {} is not known: {}",
          socket.endpoint(),
          e.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public boolean meansGone(CriException.Code code, String said) {
    return Refusals.meanGone(code, said);
  }

  @Override
  public boolean bareImageIds() {
    return false;
  }

  /** So in 1.7; later ones tell all of them, and one reader there is right too. */
  @Override
  public boolean eventsGoToOneReader() {
    return true;
  }

  @Override
  public String whyWithoutCri() {
    return new WithoutCri(socket, places).why(listener());
  }

  private Optional<ListeningProcess> listener() {
    return ListeningProcess.on(socket.path(), places.processes());
  }

  @Override
  public void close() {}
}
