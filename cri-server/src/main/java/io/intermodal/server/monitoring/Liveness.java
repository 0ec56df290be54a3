package io.intermodal.server.monitoring;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Whether CRI's socket answers: connects to it and waits for the first frame of HTTP/2. */
final class Liveness {
  /** Long enough for a host whose processors are all taken. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** How an HTTP/2 client begins (RFC 9113, section 3.4): the preface and empty SETTINGS. */
  private static final byte[] GREETING =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(StandardCharsets.US_ASCII);

  private static final int FRAME_HEADER = 9;
  private static final int TYPE = 3;
  private static final int SETTINGS = 4;

  private final Path socket;

  /**
   * @param socket on which CRI is served
   */
  Liveness(Path socket) {
    this.socket = socket;
  }

  /** Why it does not live; empty when it does. Takes five seconds at most. */
  Optional<String> trouble() {
    CompletableFuture<Optional<String>> found = new CompletableFuture<>();
    Thread greeting = Thread.ofVirtual().name("liveness").start(() -> found.complete(greet()));
    try {
      return found.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // Closes its channel.
      greeting.interrupt();
      return Optional.of("%s does not answer within %d s".formatted(socket, PATIENCE.toSeconds()));
    } catch (InterruptedException e) {
      greeting.interrupt();
      Thread.currentThread().interrupt();
      return Optional.of("this server is stopping");
    } catch (ExecutionException e) {
      throw new IllegalStateException("greet() promised not to fail", e);
    }
  }

  private Optional<String> greet() {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      ByteBuffer greeting = ByteBuffer.wrap(GREETING);
      while (greeting.hasRemaining()) {
        channel.write(greeting);
      }
      ByteBuffer frame = ByteBuffer.allocate(FRAME_HEADER);
      while (frame.hasRemaining()) {
        if (channel.read(frame) < 0) {
          return Optional.of(socket + " hangs up");
        }
      }
      return frame.get(TYPE) == SETTINGS
          ? Optional.empty()
          : Optional.of(socket + " answers with something else than HTTP/2");
    } catch (IOException e) {
      return Optional.of("%s does not answer: %s".formatted(socket, e));
    }
  }
}
