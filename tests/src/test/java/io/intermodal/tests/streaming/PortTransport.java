package io.intermodal.tests.streaming;

import io.intermodal.tests.streaming.wire.SpdyConnection;
import io.intermodal.tests.streaming.wire.SpdyTunnel;
import io.intermodal.tests.streaming.wire.WebSocketConnection;
import java.io.IOException;
import java.util.List;

/** The protocols that carry connections to a pod's ports. */
public enum PortTransport {
  SPDY {
    @Override
    public PortSession open(String url, List<Integer> ports) throws IOException {
      return new SpdyPorts(SpdyConnection.over(SpdyCommand.upgrade(url, NAME).wire()));
    }
  },
  /** SPDY's bytes in the messages of a WebSocket. */
  TUNNEL {
    @Override
    public PortSession open(String url, List<Integer> ports) throws IOException {
      WebSocketConnection connection = WebSocketConnection.open(url, "SPDY/3.1+" + NAME);
      return new SpdyPorts(SpdyConnection.over(new SpdyTunnel(connection)));
    }
  },
  /** Two channels of a WebSocket for each port; a connection for each port at once. */
  CHANNELS {
    @Override
    public PortSession open(String url, List<Integer> ports) throws IOException {
      return WebSocketPorts.open(url, ports);
    }
  };

  private static final String NAME = "portforward.k8s.io";

  /**
   * Opens the session that a URL stands for.
   *
   * @param ports those that the URL was asked for with
   */
  public abstract PortSession open(String url, List<Integer> ports) throws IOException;

  /** Whether one session carries several connections to a port, each of which ends by itself. */
  public boolean manyConnections() {
    return this != CHANNELS;
  }
}
