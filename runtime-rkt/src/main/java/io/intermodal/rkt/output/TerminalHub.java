package io.intermodal.rkt.output;

import io.intermodal.rkt.command.ProgramRun;
import io.intermodal.rkt.pod.PodProcess;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.streaming.TerminalSize;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The terminal of one container. rkt gives each piece of its output to one of those who are
 * connected, so there is one connection, and everybody is told from here. Who is slow holds up the
 * container, as a terminal does.
 */
public final class TerminalHub {
  private static final Logger log = LoggerFactory.getLogger(TerminalHub.class);
  private static final int BUFFER = 8192;
  private static final int ATTEMPTS = 200;
  private static final Duration CONNECT_AGAIN = Duration.ofMillis(25);
  private static final Duration RESIZING = Duration.ofSeconds(5);

  private final Path streams;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final CompletableFuture<SocketChannel> connection = new CompletableFuture<>();
  private final AtomicBoolean started = new AtomicBoolean();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  /** Who wants the output. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Takes some output; it is not kept.
     *
     * @throws IOException when the listener wants no more
     */
    void take(ByteBuffer output) throws IOException;
  }

  TerminalHub(PodProcess pod, String app) {
    this.streams = pod.terminalOf(app);
  }

  /** Begins to read, if it has not yet: rkt keeps the first output until somebody is connected. */
  void start() {
    if (started.compareAndSet(false, true)) {
      Thread.ofVirtual().name("rkt-terminal").start(this::carry);
    }
  }

  /** Is told the output from now on. */
  public void listen(Listener listener) {
    listeners.add(listener);
    start();
  }

  /** Is told no more. */
  public void leave(Listener listener) {
    listeners.remove(listener);
  }

  /** Completes when the container has ended and all that it wrote was told. */
  public CompletableFuture<Void> ended() {
    return ended.copy();
  }

  /**
   * Types something.
   *
   * @throws IOException when the container has ended
   */
  public void type(byte[] bytes, int length) throws IOException {
    SocketChannel open = connection.getNow(null);
    if (open == null) {
      throw new IOException("the terminal is not there");
    }
    ByteBuffer rest = ByteBuffer.wrap(bytes, 0, length);
    while (rest.hasRemaining()) {
      open.write(rest);
    }
  }

  /** Gives the terminal a size. */
  public void resize(TerminalSize size) {
    if (size.width() < 1 || size.height() < 1) {
      return;
    }
    try {
      var _ =
          new ProgramRun(
                  "stty",
                  "-F",
                  streams.resolve("stage2-pts").toString(),
                  "cols",
                  Integer.toString(size.width()),
                  "rows",
                  Integer.toString(size.height()))
              .run(RESIZING);
    } catch (CriException e) {
      log.debug("the terminal {} cannot be resized: {}", streams, e.getMessage());
    }
  }

  private void carry() {
    try (SocketChannel socket = connect()) {
      connection.complete(socket);
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
      while (socket.read(buffer) >= 0) {
        buffer.flip();
        tell(buffer);
        buffer.clear();
      }
    } catch (IOException e) {
      log.debug("the terminal {} ends: {}", streams, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended.complete(null);
    }
  }

  private void tell(ByteBuffer output) {
    listeners.removeIf(listener -> !takes(listener, output.duplicate()));
  }

  private static boolean takes(Listener listener, ByteBuffer output) {
    try {
      listener.take(output);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The socket comes up a moment after the app was started. */
  private SocketChannel connect() throws IOException, InterruptedException {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(streams.resolve("sock-tty"));
    for (int attempt = 1; ; attempt++) {
      try {
        return SocketChannel.open(address);
      } catch (IOException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
        Thread.sleep(CONNECT_AGAIN);
      }
    }
  }
}
