package io.intermodal.tests.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A socket whose connections are copied to another one, byte by byte, with nothing understood: the
 * least that anything in between can cost, which is two more threads to wake for each call.
 */
final class ByteRelay implements AutoCloseable {
  private static final int BUFFER = 64 << 10;

  private final ServerSocketChannel listening;
  private final Path socket;
  private final Path target;
  private final Queue<SocketChannel> open = new ConcurrentLinkedQueue<>();

  private ByteRelay(ServerSocketChannel listening, Path socket, Path target) {
    this.listening = listening;
    this.socket = socket;
    this.target = target;
  }

  static ByteRelay start(Path socket, Path target) {
    try {
      ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      listening.bind(UnixDomainSocketAddress.of(socket));
      ByteRelay relay = new ByteRelay(listening, socket, target);
      thread(relay::accept);
      return relay;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path socket() {
    return socket;
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void thread(Work work) {
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            work.run();
          } catch (ClosedChannelException e) {
            // The relay was closed.
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private void accept() throws IOException {
    while (true) {
      SocketChannel caller = listening.accept();
      SocketChannel engine = SocketChannel.open(UnixDomainSocketAddress.of(target));
      open.add(caller);
      open.add(engine);
      thread(() -> copy(caller, engine));
      thread(() -> copy(engine, caller));
    }
  }

  private static void copy(SocketChannel from, SocketChannel to) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    while (from.read(buffer) >= 0) {
      buffer.flip();
      while (buffer.hasRemaining()) {
        var _ = to.write(buffer);
      }
      buffer.clear();
    }
    to.shutdownOutput();
  }

  @Override
  public void close() {
    try {
      listening.close();
      for (SocketChannel channel : open) {
        channel.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
