package io.intermodal.rkt.session;

import io.intermodal.rkt.index.Container;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.streaming.Session;
import io.intermodal.runtime.streaming.SessionStreams;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A client beside a container's own process, which outlives it. rkt passes whole lines on; the
 * process never sees the end of its input.
 */
final class StreamAttach implements Session {
  private static final int BUFFER = 8192;
  private static final int ATTEMPTS = 100;
  private static final Duration WRITER_WITHIN = Duration.ofSeconds(1);
  private static final Duration LISTENING = Duration.ofMillis(200);
  private static final Duration LAST_ANSWER = Duration.ofSeconds(1);
  private static final Duration CONNECT_AGAIN = Duration.ofMillis(25);

  private final Path streams;
  private final Container container;

  /**
   * @param streams the folder of the sockets
   */
  StreamAttach(Path streams, Container container) {
    this.streams = streams;
    this.container = container;
  }

  /** {@inheritDoc} */
  @Override
  public int attend(SessionStreams client) {
    List<SocketChannel> sockets = new ArrayList<>();
    CompletableFuture<Void> gone = new CompletableFuture<>();
    client.onGone(() -> gone.complete(null));
    try {
      awaitWriter();
      List<CompletableFuture<Void>> outputs = new ArrayList<>();
      if (client.wanted().stdout()) {
        outputs.add(carry(connect("sock-stdout", sockets), client.stdout()));
      }
      if (client.wanted().stderr()) {
        outputs.add(carry(connect("sock-stderr", sockets), client.stderr()));
      }
      if (client.wanted().stdin() && container.streams().stdin()) {
        SocketChannel into = connect("sock-stdin", sockets);
        // Until rkt has taken a listener in, what is said is not for it.
        pause(LISTENING);
        Thread.ofVirtual().name("attach-input").start(() -> send(client.stdin(), into, gone));
      }
      CompletableFuture<Void> ended =
          outputs.isEmpty()
              ? gone
              : CompletableFuture.allOf(outputs.toArray(CompletableFuture<?>[]::new));
      CompletableFuture.anyOf(gone, ended).join();
      return 0;
    } catch (IOException e) {
      throw new CriException(
          Code.FAILED_PRECONDITION,
          "attach to container %s: its streams are not there: %s".formatted(container.id(), e),
          e);
    } finally {
      sockets.forEach(StreamAttach::closeQuietly);
    }
  }

  /**
   * rkt's sockets are there before it minds who connects to them, and such a client hears nothing.
   */
  private void awaitWriter() throws IOException {
    Instant started = Instant.EPOCH.plusNanos(container.status().getStartedAt());
    Duration left = WRITER_WITHIN.minus(Duration.between(started, Instant.now()));
    if (left.isPositive()) {
      pause(left.compareTo(WRITER_WITHIN) > 0 ? WRITER_WITHIN : left);
    }
  }

  private SocketChannel connect(String name, List<SocketChannel> sockets) throws IOException {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(streams.resolve(name));
    for (int attempt = 1; ; attempt++) {
      try {
        SocketChannel socket = SocketChannel.open(address);
        sockets.add(socket);
        return socket;
      } catch (IOException e) {
        // They come up a moment after the container.
        if (attempt == ATTEMPTS) {
          throw e;
        }
        pause(CONNECT_AGAIN);
      }
    }
  }

  private static void pause(Duration time) throws IOException {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static CompletableFuture<Void> carry(SocketChannel from, OutputStream client) {
    return CompletableFuture.runAsync(
        () -> {
          byte[] bytes = new byte[BUFFER];
          ByteBuffer buffer = ByteBuffer.wrap(bytes);
          try {
            while (from.read(buffer) >= 0) {
              client.write(bytes, 0, buffer.position());
              client.flush();
              buffer.clear();
            }
          } catch (IOException e) {
            // One of the two has left.
            return;
          }
        },
        task -> Thread.ofVirtual().name("attach-output").start(task));
  }

  private static void send(InputStream typed, SocketChannel into, CompletableFuture<Void> over) {
    byte[] buffer = new byte[BUFFER];
    try {
      for (int count = typed.read(buffer); count >= 0; count = typed.read(buffer)) {
        ByteBuffer rest = ByteBuffer.wrap(buffer, 0, count);
        while (rest.hasRemaining()) {
          into.write(rest);
        }
      }
      // The process cannot be told, so the session ends, as it does with other engines whose
      // container keeps its input open; not before the answer to what was typed last.
      CompletableFuture<Void> _ =
          over.completeOnTimeout(null, LAST_ANSWER.toMillis(), TimeUnit.MILLISECONDS);
    } catch (IOException e) {
      // One of the two has left.
      return;
    }
  }

  private static void closeQuietly(SocketChannel socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is of no use any more in any case.
      return;
    }
  }
}
