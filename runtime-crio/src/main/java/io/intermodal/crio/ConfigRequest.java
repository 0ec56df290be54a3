package io.intermodal.crio;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * {@code GET /config}, which CRI-O answers on the socket of CRI: the first bytes tell it HTTP from
 * gRPC. HTTP/1.0, so that the answer ends with the connection.
 */
final class ConfigRequest {
  private static final String REQUEST = "GET /config HTTP/1.0\r\nHost: crio\r\n\r\n";
  private static final String END_OF_HEAD = "\r\n\r\n";

  /** Real ones have some 6 KB. */
  private static final int MAX_ANSWER = 1 << 20;

  private static final int BUFFER = 16 * 1024;

  private final SocketChannel channel;
  private final Selector selector;
  private final Duration patience;
  private final long start = System.nanoTime();

  private ConfigRequest(SocketChannel channel, Selector selector, Duration patience) {
    this.channel = channel;
    this.selector = selector;
    this.patience = patience;
  }

  /**
   * Asks for the configuration that is in force.
   *
   * @param patience how long it may take at most, for all of it
   * @return TOML
   * @throws ConnectException when nobody listens
   * @throws IOException when the answer is late, longer than a mebibyte, not HTTP or not 200
   */
  static String answer(Path socket, Duration patience) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        Selector selector = Selector.open()) {
      connect(channel, socket);
      ConfigRequest request = new ConfigRequest(channel, selector, patience);
      request.send();
      return body(request.receive());
    }
  }

  private static void connect(SocketChannel channel, Path socket) throws IOException {
    channel.configureBlocking(false);
    try {
      if (channel.connect(UnixDomainSocketAddress.of(socket))) {
        return;
      }
    } catch (IOException e) {
      ConnectException nobody = new ConnectException(e.getMessage());
      nobody.initCause(e);
      throw nobody;
    }
    throw new IOException("it takes no connection now");
  }

  private void send() throws IOException {
    ByteBuffer request = ByteBuffer.wrap(REQUEST.getBytes(StandardCharsets.US_ASCII));
    while (request.hasRemaining()) {
      if (channel.write(request) == 0) {
        await(SelectionKey.OP_WRITE);
      }
    }
  }

  private String receive() throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    while (true) {
      int read = channel.read(buffer);
      if (read < 0) {
        return answer.toString(StandardCharsets.UTF_8);
      }
      if (read == 0) {
        await(SelectionKey.OP_READ);
      }
      checkPatience();
      answer.write(buffer.array(), 0, buffer.position());
      buffer.clear();
      if (answer.size() > MAX_ANSWER) {
        throw new IOException("it answered more than " + MAX_ANSWER + " bytes");
      }
    }
  }

  private void await(int operation) throws IOException {
    channel.register(selector, operation);
    selector.select(Math.max(1, millisLeft()));
    selector.selectedKeys().clear();
    checkPatience();
  }

  private void checkPatience() throws IOException {
    if (millisLeft() <= 0) {
      throw new IOException("no answer within " + patience.toMillis() + " ms");
    }
  }

  private long millisLeft() {
    return patience.minusNanos(System.nanoTime() - start).toMillis();
  }

  private static String body(String answer) throws IOException {
    int end = answer.indexOf(END_OF_HEAD);
    if (!answer.startsWith("HTTP/1.") || end < 0) {
      throw new IOException("it answered something that is not HTTP");
    }
    String status = answer.lines().findFirst().orElse("");
    if (!status.matches("HTTP/1\\.\\d 200( .*)?")) {
      throw new IOException("it answered " + status);
    }
    return answer.substring(end + END_OF_HEAD.length());
  }
}
