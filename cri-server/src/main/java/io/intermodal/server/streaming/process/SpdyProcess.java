package io.intermodal.server.streaming.process;

import io.intermodal.runtime.streaming.WantedStreams;
import io.intermodal.server.streaming.flow.ClientConnection;
import io.intermodal.server.streaming.flow.Outbox;
import io.intermodal.server.streaming.spdy.SpdyConnection;
import io.intermodal.server.streaming.spdy.SpdyStream;
import io.netty.channel.ChannelPipeline;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until a SPDY client has opened all its streams, each of which says in a header what it is
 * for, and lets the session begin.
 */
public final class SpdyProcess implements SpdyConnection.Listener {
  private static final Logger log = LoggerFactory.getLogger(SpdyProcess.class);
  private static final String TYPE = "streamtype";
  private static final String ERROR = "error";
  private static final String STDIN = "stdin";
  private static final String STDOUT = "stdout";
  private static final String STDERR = "stderr";
  private static final String RESIZE = "resize";
  private static final Set<String> TYPES = Set.of(ERROR, STDIN, STDOUT, STDERR, RESIZE);

  private final ProcessOffer offer;
  private final CommandProtocol protocol;
  private final ClientConnection client;
  private final SpdyConnection connection;
  private final Set<String> awaited;
  // Used by the event loop alone.
  private final Map<String, SpdyStream> streams = new HashMap<>();
  private boolean begun;

  private SpdyProcess(ProcessOffer offer, CommandProtocol protocol, ClientConnection client) {
    this.offer = offer;
    this.protocol = protocol;
    this.client = client;
    this.connection = new SpdyConnection(client, TYPES.size(), this);
    this.awaited = awaited(offer.wanted(), protocol);
  }

  /**
   * Serves the channel from its next byte on.
   *
   * @param patience how long the client may take to open its streams
   */
  public static void serve(
      ProcessOffer offer,
      CommandProtocol protocol,
      ClientConnection client,
      ChannelPipeline pipeline,
      Duration patience) {
    SpdyProcess process = new SpdyProcess(offer, protocol, client);
    process.connection.addTo(pipeline);
    var _ =
        pipeline
            .channel()
            .eventLoop()
            .schedule(process::giveUpUnlessBegun, patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static Set<String> awaited(WantedStreams wanted, CommandProtocol protocol) {
    Set<String> types = new HashSet<>(Set.of(ERROR));
    if (wanted.stdin()) {
      types.add(STDIN);
    }
    if (wanted.stdout()) {
      types.add(STDOUT);
    }
    if (wanted.stderr()) {
      types.add(STDERR);
    }
    if (wanted.terminal() && protocol.resizes()) {
      types.add(RESIZE);
    }
    return types;
  }

  @Override
  public void opened(SpdyStream stream) {
    String type = stream.header(TYPE).orElse("");
    if (!TYPES.contains(type) || streams.containsKey(type)) {
      log.debug("{}: a stream of the type \"{}\" is refused", offer.name(), type);
      stream.reset();
      return;
    }
    streams.put(type, stream);
    if (!awaited.contains(type) || !(type.equals(STDIN) || type.equals(RESIZE))) {
      // What comes on a stream that nobody reads must not stop the others.
      stream.input().close();
    }
    if (!begun && streams.keySet().containsAll(awaited)) {
      begun = true;
      new AttendedProcess(offer, protocol, client, ends()).start();
    }
  }

  private AttendedProcess.Ends ends() {
    return new AttendedProcess.Ends(
        stream(STDIN).map(SpdyStream::input),
        output(STDOUT),
        output(STDERR),
        stream(RESIZE).map(SpdyStream::input),
        output(ERROR).orElseThrow(),
        connection::finish);
  }

  private Optional<SpdyStream> stream(String type) {
    return Optional.ofNullable(streams.get(type)).filter(_ -> awaited.contains(type));
  }

  private Optional<Outbox> output(String type) {
    return stream(type).map(SpdyStream::output);
  }

  private void giveUpUnlessBegun() {
    if (!begun && !client.gone()) {
      log.debug(
          "{}: the client has opened {} of {}, it is given up",
          offer.name(),
          streams.keySet(),
          awaited);
      connection.finish();
    }
  }
}
