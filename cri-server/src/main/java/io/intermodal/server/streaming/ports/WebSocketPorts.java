package io.intermodal.server.streaming.ports;

import io.intermodal.server.streaming.flow.ClientConnection;
import io.intermodal.server.streaming.websocket.ChannelEncoding;
import io.intermodal.server.streaming.websocket.SpdyTunnel;
import io.intermodal.server.streaming.websocket.WebSocketChannels;
import io.netty.channel.ChannelPipeline;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Ports over a WebSocket: SPDY in a tunnel, or the older form with one connection for each port of
 * the request, on two channels that first tell the port's number.
 */
public enum WebSocketPorts {
  TUNNEL("SPDY/3.1+portforward.k8s.io") {
    @Override
    public void serve(
        PortsOffer offer, ClientConnection client, ChannelPipeline pipeline, Duration patience) {
      pipeline.addLast(new SpdyTunnel());
      SpdyPorts.serve(offer, client, pipeline, patience);
    }
  },
  BINARY("v4.channel.k8s.io") {
    @Override
    public void serve(
        PortsOffer offer, ClientConnection client, ChannelPipeline pipeline, Duration patience) {
      serveChannels(offer, client, pipeline, ChannelEncoding.BINARY);
    }
  },
  BASE64("v4.base64.channel.k8s.io") {
    @Override
    public void serve(
        PortsOffer offer, ClientConnection client, ChannelPipeline pipeline, Duration patience) {
      serveChannels(offer, client, pipeline, ChannelEncoding.BASE64);
    }
  };

  private final String id;

  WebSocketPorts(String id) {
    this.id = id;
  }

  /** As clients name it. */
  public String id() {
    return id;
  }

  /** What a client and we both speak: the one that it likes best. */
  public static Optional<WebSocketPorts> of(List<String> offered) {
    return offered.stream().flatMap(name -> named(name).stream()).findFirst();
  }

  /** The names of all. */
  public static List<String> spoken() {
    return List.of(TUNNEL.id, BINARY.id, BASE64.id);
  }

  private static Optional<WebSocketPorts> named(String name) {
    return List.of(values()).stream().filter(protocol -> protocol.id.equals(name)).findFirst();
  }

  /** Whether the ports must have been named when the URL was asked for. */
  public boolean needsPorts() {
    return this != TUNNEL;
  }

  /** Serves the channel, which speaks WebSocket already. */
  public abstract void serve(
      PortsOffer offer, ClientConnection client, ChannelPipeline pipeline, Duration patience);

  private static void serveChannels(
      PortsOffer offer,
      ClientConnection client,
      ChannelPipeline pipeline,
      ChannelEncoding encoding) {
    List<Integer> ports = offer.ports();
    WebSocketChannels channels = new WebSocketChannels(client, 2 * ports.size(), encoding, false);
    pipeline.addLast(channels);
    for (int i = 0; i < ports.size(); i++) {
      int port = ports.get(i);
      int data = 2 * i;
      int error = data + 1;
      channels.greet(data, littleEndian(port));
      channels.greet(error, littleEndian(port));
      // What comes on a channel that nobody reads must not stop the others.
      channels.input(error).close();
      new ForwardedConnection(
              offer, port, channels.input(data), channels.output(data), channels.output(error))
          .start();
    }
  }

  private static byte[] littleEndian(int port) {
    return ByteBuffer.allocate(Short.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort((short) port)
        .array();
  }
}
