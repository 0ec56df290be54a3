package io.intermodal.server.streaming.ports;

import io.intermodal.server.streaming.flow.ClientConnection;
import io.intermodal.server.streaming.spdy.SpdyConnection;
import io.intermodal.server.streaming.spdy.SpdyStream;
import io.netty.channel.ChannelPipeline;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ports over SPDY: for each connection a client opens two streams, one for data and one for what
 * goes wrong, which their headers bring together.
 */
public final class SpdyPorts implements SpdyConnection.Listener {
  /** The protocol's name. */
  public static final String PROTOCOL = "portforward.k8s.io";

  private static final Logger log = LoggerFactory.getLogger(SpdyPorts.class);
  private static final String TYPE = "streamtype";
  private static final String DATA = "data";
  private static final String ERROR = "error";
  private static final String PORT = "port";
  private static final String REQUEST_ID = "requestid";
  private static final int MOST_STREAMS = 2048;

  private final PortsOffer offer;
  private final ClientConnection client;
  private final Duration patience;
  // Used by the event loop alone: streams that wait for their other one, by the request's id.
  private final Map<String, SpdyStream> waiting = new HashMap<>();

  private SpdyPorts(PortsOffer offer, ClientConnection client, Duration patience) {
    this.offer = offer;
    this.client = client;
    this.patience = patience;
  }

  /**
   * Serves the channel from its next byte on.
   *
   * @param patience how long the second stream of a connection may stay away
   */
  public static void serve(
      PortsOffer offer, ClientConnection client, ChannelPipeline pipeline, Duration patience) {
    SpdyPorts ports = new SpdyPorts(offer, client, patience);
    new SpdyConnection(client, MOST_STREAMS, ports).addTo(pipeline);
  }

  @Override
  public void opened(SpdyStream stream) {
    String type = stream.header(TYPE).orElse("");
    Optional<Integer> port = offer.port(stream.header(PORT).orElse(""));
    if (port.isEmpty() || !(type.equals(DATA) || type.equals(ERROR))) {
      log.debug(
          "port-forward: a stream of the type \"{}\" for the port {} is refused",
          type,
          stream.header(PORT));
      stream.reset();
      return;
    }
    String request = stream.header(REQUEST_ID).orElseGet(() -> oldRequestId(stream, type));
    SpdyStream other = waiting.remove(request);
    if (other == null) {
      waiting.put(request, stream);
      giveUpLater(request, stream);
    } else if (other.header(TYPE).equals(Optional.of(type))) {
      log.debug("port-forward: a second {} stream for the request {} is refused", type, request);
      waiting.put(request, other);
      stream.reset();
    } else {
      connect(port.get(), type.equals(DATA) ? stream : other, type.equals(DATA) ? other : stream);
    }
  }

  /** Clients that number no requests open the error stream first and the data stream next. */
  private static String oldRequestId(SpdyStream stream, String type) {
    return "stream " + (type.equals(ERROR) ? stream.id() : stream.id() - 2);
  }

  private void connect(int port, SpdyStream data, SpdyStream error) {
    error.input().close();
    new ForwardedConnection(offer, port, data.input(), data.output(), error.output()).start();
  }

  private void giveUpLater(String request, SpdyStream stream) {
    var _ =
        client
            .channel()
            .eventLoop()
            .schedule(
                () -> {
                  if (waiting.remove(request, stream)) {
                    log.debug("port-forward: the request {} stays incomplete", request);
                    stream.reset();
                  }
                },
                patience.toMillis(),
                TimeUnit.MILLISECONDS);
  }
}
