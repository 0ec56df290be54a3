package io.intermodal.tests.streaming;

import io.intermodal.tests.streaming.wire.HttpRequest;
import io.intermodal.tests.streaming.wire.SpdyConnection;
import io.intermodal.tests.streaming.wire.SpdyStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** A session over SPDY: a stream of the connection for each stream of the process. */
final class SpdyCommand implements CommandSession {
  private static final String VERSION = "X-Stream-Protocol-Version";

  private final Transport transport;
  private final SpdyConnection connection;
  private final SpdyStream error;
  private final Optional<SpdyStream> stdin;
  private final Optional<SpdyStream> stdout;
  private final Optional<SpdyStream> stderr;
  private final Optional<OutputStream> resize;

  /** Opens the streams in the order of Go's client. */
  private SpdyCommand(Transport transport, SpdyConnection connection, Streams streams)
      throws IOException {
    this.transport = transport;
    this.connection = connection;
    error = connection.open(Map.of("streamtype", "error"));
    stdin = stream(streams.stdin(), "stdin");
    stdout = stream(streams.stdout(), "stdout");
    stderr = stream(streams.stderr(), "stderr");
    resize = stream(streams.tty() && transport.resizes(), "resize").map(SpdyStream::out);
  }

  static SpdyCommand open(String url, Transport transport, Streams streams) throws IOException {
    HttpRequest.Answer answer = upgrade(url, transport.protocol());
    SpdyConnection connection = SpdyConnection.over(answer.wire());
    try {
      return new SpdyCommand(transport, connection, streams);
    } catch (IOException e) {
      connection.close();
      throw e;
    }
  }

  /** Turns a connection into one of SPDY; the server has to choose the protocol asked for. */
  static HttpRequest.Answer upgrade(String url, String protocol) throws IOException {
    HttpRequest.Answer answer =
        HttpRequest.to("POST", url)
            .with("Connection", "Upgrade")
            .with("Upgrade", "SPDY/3.1")
            .with(VERSION, protocol)
            .with("Content-Length", "0")
            .send()
            .upgraded();
    Map<String, String> headers = answer.headers();
    if (!headers.getOrDefault("Connection", "").equalsIgnoreCase("Upgrade")
        || !headers.getOrDefault("Upgrade", "").equalsIgnoreCase("SPDY/3.1")
        || !headers.getOrDefault(VERSION, "").equals(protocol)) {
      answer.wire().close();
      throw new IOException("asked for SPDY/3.1 with " + protocol + " and got " + headers);
    }
    return answer;
  }

  private Optional<SpdyStream> stream(boolean wanted, String type) throws IOException {
    return wanted
        ? Optional.of(connection.open(Map.of("streamtype", type)))
        : Optional.<SpdyStream>empty();
  }

  @Override
  public OutputStream stdin() {
    return stdin.orElseThrow().out();
  }

  @Override
  public InputStream stdout() {
    return stdout.map(SpdyStream::in).orElseGet(InputStream::nullInputStream);
  }

  @Override
  public InputStream stderr() {
    return stderr.map(SpdyStream::in).orElseGet(InputStream::nullInputStream);
  }

  @Override
  public void resize(int width, int height) throws IOException {
    String size = "{\"Width\":%d,\"Height\":%d}\n".formatted(width, height);
    resize.orElseThrow().write(size.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public ExitStatus status() throws IOException {
    return transport.status(error.in().readAllBytes());
  }

  @Override
  public void vanish() {
    connection.vanish();
  }

  @Override
  public void leave() {
    connection.close();
  }
}
