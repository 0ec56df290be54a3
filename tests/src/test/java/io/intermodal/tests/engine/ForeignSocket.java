package io.intermodal.tests.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A Unix socket where somebody listens who is no container engine. */
public final class ForeignSocket implements AutoCloseable {
  private final Path path;
  private final ServerSocketChannel listener;
  private final Queue<SocketChannel> connections = new ConcurrentLinkedQueue<>();

  private ForeignSocket(Path path) throws IOException {
    this.path = path;
    Files.createDirectories(path.getParent());
    listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listener.bind(UnixDomainSocketAddress.of(path));
  }

  /** Takes connections and never says a word. */
  public static ForeignSocket silent(Path path) throws IOException {
    return new ForeignSocket(path);
  }

  /** Answers everything as an HTTP/1.1 server does that does not understand. */
  public static ForeignSocket http(Path path) throws IOException {
    ForeignSocket socket = new ForeignSocket(path);
    var _ = Thread.ofVirtual().name("http").start(socket::refuseAll);
    return socket;
  }

  private void refuseAll() {
    byte[] answer =
        "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII);
    while (listener.isOpen()) {
      try {
        SocketChannel connection = listener.accept();
        connections.add(connection);
        connection.write(ByteBuffer.wrap(answer));
        connection.close();
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        System.out.println("a client of " + path + " went first: " + e.getMessage());
      }
    }
  }

  /** As settings name it: {@code unix:///…}. */
  public String endpoint() {
    return "unix://" + path;
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (SocketChannel connection : connections) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
