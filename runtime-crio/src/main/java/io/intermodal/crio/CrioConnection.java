package io.intermodal.crio;

import io.intermodal.cri.v1.CgroupDriver;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.EngineConnection;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What CRI-O does not say of itself over CRI. It holds nothing open. */
final class CrioConnection implements EngineConnection.Forwarding {
  private static final Logger log = LoggerFactory.getLogger(CrioConnection.class);

  /** The question may take a second at most. */
  private static final Duration PATIENCE = Duration.ofMillis(800);

  private final CrioSocket socket;
  private final UsualPlaces places;

  CrioConnection(CrioSocket socket, UsualPlaces places) {
    this.socket = socket;
    this.places = places;
  }

  @Override
  public String endpoint() {
    return socket.endpoint();
  }

  @Override
  public Optional<CgroupDriver> cgroupDriver() {
    try {
      return Optional.of(askedOrRead());
    } catch (IOException e) {
      log.warn(
          "the cgroup driver of CRI-O on {} is not known: {}", socket.endpoint(), e.getMessage());
      return Optional.empty();
    }
  }

  /** What the running CRI-O says; when none runs, what its files will make it use. */
  private CgroupDriver askedOrRead() throws IOException {
    String running;
    try {
      running = ConfigRequest.answer(socket.path(), PATIENCE);
    } catch (ConnectException e) {
      return CgroupSetting.configured(places.configuration(), places.dropIns());
    }
    return CgroupSetting.inForce(running);
  }

  @Override
  public boolean meansGone(CriException.Code code, String said) {
    return Refusals.meanGone(code, said);
  }

  /** So in 1.25 to 1.36: with the prefix it takes an id for a short name. */
  @Override
  public boolean bareImageIds() {
    return true;
  }

  @Override
  public boolean eventsGoToOneReader() {
    return false;
  }

  @Override
  public String whyWithoutCri() {
    return CrioEngine.withoutCri(socket);
  }

  @Override
  public void close() {}
}
