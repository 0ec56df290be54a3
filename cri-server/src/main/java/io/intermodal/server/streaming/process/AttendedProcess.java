package io.intermodal.server.streaming.process;

import io.intermodal.runtime.CriException;
import io.intermodal.runtime.streaming.SessionStreams;
import io.intermodal.runtime.streaming.TerminalSize;
import io.intermodal.runtime.streaming.WantedStreams;
import io.intermodal.server.streaming.flow.ClientConnection;
import io.intermodal.server.streaming.flow.Inbox;
import io.intermodal.server.streaming.flow.Outbox;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A session with its client: the streams, and the status at the end. */
final class AttendedProcess implements SessionStreams {
  private static final Logger log = LoggerFactory.getLogger(AttendedProcess.class);

  private final ProcessOffer offer;
  private final CommandProtocol protocol;
  private final ClientConnection client;
  private final Ends ends;

  /**
   * The client's streams, on whichever transport; those that it has not opened are empty.
   *
   * @param error takes the status
   * @param finish ends the connection when everything was sent
   */
  record Ends(
      Optional<Inbox> stdin,
      Optional<Outbox> stdout,
      Optional<Outbox> stderr,
      Optional<Inbox> resize,
      Outbox error,
      Runnable finish) {}

  AttendedProcess(
      ProcessOffer offer, CommandProtocol protocol, ClientConnection client, Ends ends) {
    this.offer = offer;
    this.protocol = protocol;
    this.client = client;
    this.ends = ends;
  }

  /** Lets the session begin on a thread of its own. */
  void start() {
    Thread.ofVirtual().name("session-" + offer.name()).start(this::run);
  }

  private void run() {
    ExitStatus status = attended();
    // What the client still sends is for nobody, and must not keep the connection from being read.
    ends.stdin().ifPresent(Inbox::close);
    ends.resize().ifPresent(Inbox::close);
    ends.stdout().ifPresent(Outbox::close);
    ends.stderr().ifPresent(Outbox::close);
    try {
      ends.error().write(status.toBytes(protocol));
      ends.error().close();
      ends.finish().run();
    } catch (IOException e) {
      log.debug("{}: the client does not learn how it ended: {}", offer.name(), e.getMessage());
    }
  }

  private ExitStatus attended() {
    try {
      return new ExitStatus.Exited(offer.session().attend(this));
    } catch (CriException e) {
      if (!client.gone()) {
        log.debug("{} failed", offer.name(), e);
      }
      return new ExitStatus.Failed(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      log.error("{} failed by a fault of this server", offer.name(), e);
      return new ExitStatus.Failed(offer.name() + " failed by a fault of the server: " + e);
    }
  }

  @Override
  public WantedStreams wanted() {
    return offer.wanted();
  }

  @Override
  public InputStream stdin() {
    return ends.stdin().<InputStream>map(in -> in).orElseGet(InputStream::nullInputStream);
  }

  @Override
  public OutputStream stdout() {
    return orNowhere(ends.stdout());
  }

  @Override
  public OutputStream stderr() {
    return orNowhere(ends.stderr());
  }

  private static OutputStream orNowhere(Optional<Outbox> out) {
    return out.<OutputStream>map(o -> o).orElseGet(OutputStream::nullOutputStream);
  }

  @Override
  public void onResize(Consumer<TerminalSize> listener) {
    ends.resize()
        .ifPresent(sizes ->
            Thread.ofVirtual()
                .name("resize-" + offer.name())
                .start(() -> TerminalSizes.tell(sizes, listener)));
  }

  @Override
  public void onGone(Runnable action) {
    client.onGone(action);
  }
}
