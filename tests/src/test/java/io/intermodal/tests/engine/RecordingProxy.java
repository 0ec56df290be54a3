package io.intermodal.tests.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;

/**
 * A wire between the server and Docker that writes down what is asked. Bytes pass unchanged in both
 * directions, hijacked streams and half-closes included.
 */
public final class RecordingProxy implements AutoCloseable {
  private static final Pattern REQUEST =
      Pattern.compile("^(GET|HEAD|POST|PUT|DELETE) (\\S+) HTTP/1\\.1$");

  private static final Pattern CONTENT_LENGTH = Pattern.compile("(?i)content-length: *(\\d+)");

  /** A line longer than this is no request line. */
  private static final int LINE_BYTES = 8192;

  private final Path socket;
  private final Path target;
  private final ServerSocketChannel listener;
  private final Queue<Request> requests = new ConcurrentLinkedQueue<>();

  /**
   * @param method GET, POST, …
   * @param path with the query, without the version of the API
   */
  public record Request(String method, String path) {
    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  private RecordingProxy(Path socket, Path target, ServerSocketChannel listener) {
    this.socket = socket;
    this.target = target;
    this.listener = listener;
  }

  static RecordingProxy start(Path socket, Path target) {
    try {
      ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      listener.bind(UnixDomainSocketAddress.of(socket));
      RecordingProxy proxy = new RecordingProxy(socket, target, listener);
      var _ = Thread.ofVirtual().name("proxy").start(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path socket() {
    return socket;
  }

  /** Forgets what was asked until now. */
  public void clear() {
    requests.clear();
  }

  /** What was asked since {@link #clear()}, in order. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  private void accept() {
    while (listener.isOpen()) {
      try {
        SocketChannel client = listener.accept();
        SocketChannel server;
        try {
          server = SocketChannel.open(UnixDomainSocketAddress.of(target));
        } catch (IOException e) {
          client.close();
          continue;
        }
        var _ = Thread.ofVirtual().start(() -> copy(client, server, true));
        var _ = Thread.ofVirtual().start(() -> copy(server, client, false));
      } catch (IOException e) {
        return;
      }
    }
  }

  /** Copies until the end of the stream, then tells the other side that nothing more comes. */
  private void copy(SocketChannel from, SocketChannel to, boolean record) {
    RequestReader reader = new RequestReader();
    ByteBuffer buffer = ByteBuffer.allocate(65_536);
    try {
      while (from.read(buffer) >= 0) {
        buffer.flip();
        if (record) {
          reader.read(buffer.duplicate());
        }
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
        buffer.clear();
      }
      if (record) {
        to.shutdownOutput();
      } else {
        to.close();
        from.close();
      }
    } catch (IOException e) {
      close(from);
      close(to);
    }
  }

  /** Finds the requests of one connection, whose bodies end without a line's end. */
  private final class RequestReader {
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long bodyAhead;
    private long bodyLeft;

    void read(ByteBuffer bytes) {
      while (bytes.hasRemaining()) {
        byte b = bytes.get();
        if (bodyLeft > 0) {
          bodyLeft--;
        } else if (b == '\n') {
          take(line.toString(StandardCharsets.ISO_8859_1).stripTrailing());
          line.reset();
        } else if (line.size() < LINE_BYTES) {
          line.write(b);
        }
      }
    }

    private void take(String text) {
      var request = REQUEST.matcher(text);
      var length = CONTENT_LENGTH.matcher(text);
      if (request.matches()) {
        requests.add(
            new Request(request.group(1), request.group(2).replaceFirst("^/v1\\.\\d+", "")));
      } else if (length.matches()) {
        bodyAhead = Long.parseLong(length.group(1));
      } else if (text.isEmpty()) {
        bodyLeft = bodyAhead;
        bodyAhead = 0;
      }
    }
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
