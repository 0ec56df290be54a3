package io.intermodal.tests.streaming;

import io.intermodal.tests.streaming.wire.Inbox;
import io.intermodal.tests.streaming.wire.WebSocketConnection;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** A session over a WebSocket: the first byte of each message says which stream it is of. */
final class WebSocketCommand implements CommandSession {
  private static final int STDIN = 0;
  private static final int STDOUT = 1;
  private static final int STDERR = 2;
  private static final int ERROR = 3;
  private static final int RESIZE = 4;
  private static final int CLOSE = 255;
  private static final int NORMAL = 1000;
  private static final int PIECE = 32 << 10;

  private final Transport transport;
  private final Streams streams;
  private final WebSocketConnection connection;
  private final Inbox stdout = new Inbox("stdout");
  private final Inbox stderr = new Inbox("stderr");
  private final Inbox error = new Inbox("error stream");
  private boolean closed;

  private WebSocketCommand(Transport transport, Streams streams, WebSocketConnection connection) {
    this.transport = transport;
    this.streams = streams;
    this.connection = connection;
  }

  static WebSocketCommand open(String url, Transport transport, Streams streams)
      throws IOException {
    WebSocketConnection connection = WebSocketConnection.open(url, transport.protocol());
    WebSocketCommand session = new WebSocketCommand(transport, streams, connection);
    Thread.ofVirtual().name("websocket reader").start(session::read);
    return session;
  }

  private void read() {
    List<Inbox> inboxes = List.of(stdout, stderr, error);
    try {
      while (true) {
        WebSocketConnection.Message message = connection.read();
        if (message.farewell()) {
          if (message.code() != NORMAL) {
            throw new IOException("closed by the server with " + message.code());
          }
          inboxes.forEach(Inbox::end);
          return;
        }
        received(message);
      }
    } catch (IOException e) {
      inboxes.forEach(inbox -> inbox.fail(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void received(WebSocketConnection.Message message)
      throws IOException, InterruptedException {
    boolean text = message.kind() == WebSocketConnection.TEXT;
    if (text != transport.base64()) {
      throw new IOException("a message of kind " + message.kind() + " in " + transport.protocol());
    }
    byte[] body = message.body();
    if (body.length == 0) {
      throw new IOException("a message without a channel");
    }
    int channel = text ? body[0] - '0' : body[0] & 0xff;
    byte[] content = Arrays.copyOfRange(body, 1, body.length);
    if (channel == CLOSE && transport == Transport.WEBSOCKET_V5 && content.length == 1) {
      inbox(content[0]).end();
    } else {
      inbox(channel).put(text ? Base64.getDecoder().decode(content) : content);
    }
  }

  private Inbox inbox(int channel) throws IOException {
    return switch (channel) {
      case STDOUT -> stdout;
      case STDERR -> stderr;
      case ERROR -> error;
      default -> throw new IOException("a message of channel " + channel);
    };
  }

  private void send(int channel, byte[] content) throws IOException {
    if (transport.base64()) {
      String text = channel + Base64.getEncoder().encodeToString(content);
      connection.send(WebSocketConnection.TEXT, text.getBytes(StandardCharsets.US_ASCII));
    } else {
      byte[] body = new byte[content.length + 1];
      body[0] = (byte) channel;
      System.arraycopy(content, 0, body, 1, content.length);
      connection.send(WebSocketConnection.BINARY, body);
    }
  }

  @Override
  public OutputStream stdin() {
    return new Stdin();
  }

  @Override
  public InputStream stdout() {
    return streams.stdout() ? stdout : InputStream.nullInputStream();
  }

  @Override
  public InputStream stderr() {
    return streams.stderr() ? stderr : InputStream.nullInputStream();
  }

  @Override
  public void resize(int width, int height) throws IOException {
    String size = "{\"Width\":%d,\"Height\":%d}\n".formatted(width, height);
    send(RESIZE, size.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public ExitStatus status() throws IOException {
    return transport.status(error.readAllBytes());
  }

  @Override
  public void vanish() {
    closed = true;
    connection.vanish();
    abandon();
  }

  @Override
  public void leave() {
    if (!closed) {
      closed = true;
      connection.close();
    }
    abandon();
  }

  private void abandon() {
    stdout.close();
    stderr.close();
    error.close();
  }

  private final class Stdin extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int end = offset + length;
      for (int start = offset; start < end; start += PIECE) {
        send(STDIN, Arrays.copyOfRange(bytes, start, Math.min(end, start + PIECE)));
      }
    }

    @Override
    public void close() throws IOException {
      if (!transport.halfCloses()) {
        throw new UnsupportedOperationException(transport + " cannot end the input");
      }
      send(CLOSE, new byte[] {STDIN});
    }
  }
}
