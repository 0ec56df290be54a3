package io.intermodal.rkt.session;

import io.intermodal.rkt.command.ProgramRun;
import io.intermodal.rkt.index.Container;
import io.intermodal.rkt.pod.Input;
import io.intermodal.rkt.pod.PodProcess;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.streaming.Session;
import io.intermodal.runtime.streaming.SessionStreams;
import io.intermodal.runtime.streaming.TerminalSize;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client beside a container's own process, which outlives it. It hears all that is said after it
 * has come, first of all the answers to what it types itself.
 */
final class StreamAttach implements Session {
  private static final Logger log = LoggerFactory.getLogger(StreamAttach.class);
  private static final int BUFFER = 8192;
  private static final Duration LAST_ANSWER = Duration.ofSeconds(1);

  private static final Duration RESIZING = Duration.ofSeconds(5);

  private final PodProcess pod;
  private final Container container;

  StreamAttach(PodProcess pod, Container container) {
    this.pod = pod;
    this.container = container;
  }

  /** {@inheritDoc} */
  @Override
  public int attend(SessionStreams client) {
    List<SocketChannel> sockets = new ArrayList<>();
    CompletableFuture<Void> gone = new CompletableFuture<>();
    client.onGone(() -> gone.complete(null));
    try {
      List<CompletableFuture<Void>> outputs = new ArrayList<>();
      if (client.wanted().stdout()) {
        outputs.add(carry(connect("sock-stdout", sockets), client.stdout()));
      }
      boolean terminal = container.streams().terminal();
      if (client.wanted().stderr() && !terminal) {
        outputs.add(carry(connect("sock-stderr", sockets), client.stderr()));
      }
      if (terminal) {
        client.onResize(this::resize);
      }
      if (client.wanted().stdin() && (terminal || container.streams().input() != Input.NONE)) {
        SocketChannel into = connect("sock-stdin", sockets);
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

  private SocketChannel connect(String name, List<SocketChannel> sockets) throws IOException {
    SocketChannel socket =
        SocketChannel.open(
            UnixDomainSocketAddress.of(pod.streamsOf(container.app()).resolve(name)));
    sockets.add(socket);
    return socket;
  }

  private void resize(TerminalSize size) {
    if (size.width() < 1 || size.height() < 1) {
      return;
    }
    try {
      var _ =
          new ProgramRun(
                  "stty",
                  "-F",
                  pod.terminalOf(container.app()).toString(),
                  "cols",
                  Integer.toString(size.width()),
                  "rows",
                  Integer.toString(size.height()))
              .run(RESIZING);
    } catch (CriException | IOException e) {
      log.debug("the terminal of container {} cannot be resized: {}", container.id(), e.toString());
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

  private void send(InputStream typed, SocketChannel into, CompletableFuture<Void> over) {
    byte[] buffer = new byte[BUFFER];
    try {
      for (int count = typed.read(buffer); count >= 0; count = typed.read(buffer)) {
        ByteBuffer rest = ByteBuffer.wrap(buffer, 0, count);
        while (rest.hasRemaining()) {
          into.write(rest);
        }
      }
      into.shutdownOutput();
      if (container.streams().terminal() || container.streams().input() == Input.OPEN) {
        // The process is not told, so the session ends, as it does with other engines; not before
        // the answer to what was typed last.
        CompletableFuture<Void> _ =
            over.completeOnTimeout(null, LAST_ANSWER.toMillis(), TimeUnit.MILLISECONDS);
      }
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
