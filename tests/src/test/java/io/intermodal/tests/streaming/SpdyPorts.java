package io.intermodal.tests.streaming;

import io.intermodal.tests.streaming.wire.SpdyConnection;
import io.intermodal.tests.streaming.wire.SpdyStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Ports over SPDY: two streams for each connection, paired by a number. */
final class SpdyPorts implements PortSession {
  private final SpdyConnection spdy;
  private final AtomicInteger requests = new AtomicInteger();

  SpdyPorts(SpdyConnection spdy) {
    this.spdy = spdy;
  }

  /** As Go's client does: first the stream of errors, on which nothing is sent, then the data. */
  @Override
  public Connection connect(int port) throws IOException {
    String request = Integer.toString(requests.getAndIncrement());
    SpdyStream error = spdy.open(headers("error", port, request));
    error.out().close();
    return new Pair(spdy.open(headers("data", port, request)), error);
  }

  private static Map<String, String> headers(String type, int port, String request) {
    return Map.of("streamtype", type, "port", Integer.toString(port), "requestid", request);
  }

  @Override
  public void vanish() {
    spdy.vanish();
  }

  @Override
  public void close() {
    spdy.close();
  }

  private record Pair(SpdyStream data, SpdyStream errors) implements Connection {
    @Override
    public InputStream in() {
      return data.in();
    }

    @Override
    public OutputStream out() {
      return data.out();
    }

    @Override
    public String error() throws IOException {
      return new String(errors.in().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
      try {
        data.reset();
      } catch (IOException e) {
        // The session has ended before.
      }
    }
  }
}
