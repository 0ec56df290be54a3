package io.intermodal.server.grpc;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jnr.enxio.channels.Native;

/**
 * A listening socket that the service manager opened and passed on: systemd's socket activation. It
 * is descriptor 3 of the process that {@code LISTEN_PID} names. The file belongs to the manager and
 * is never removed by us.
 *
 * @param path where it is bound, as the kernel says; empty when it does not say
 */
record InheritedSocket(Optional<Path> path) {
  private static final int FIRST_DESCRIPTOR = 3;
  private static final int PATH_COLUMN = 7;
  private static final int FLAGS_COLUMN = 3;
  private static final int INODE_COLUMN = 6;
  private static final int LISTENING = 0x10000;

  /**
   * The socket that was passed to this process, if one was.
   *
   * @throws IOException when something was passed that cannot be served
   */
  static Optional<InheritedSocket> find(Map<String, String> environment, long pid)
      throws IOException {
    String count = environment.getOrDefault("LISTEN_FDS", "");
    String addressee = environment.getOrDefault("LISTEN_PID", "");
    if (count.isEmpty() || !addressee.equals(Long.toString(pid))) {
      return Optional.empty();
    }
    if (!count.equals("1")) {
      throw new IOException(
          "socket activation passed LISTEN_FDS=%s sockets (expected: 1)".formatted(count));
    }
    String target = Files.readSymbolicLink(Path.of("/proc/self/fd/3")).toString();
    if (!target.matches("socket:\\[\\d+]")) {
      throw new IOException(
          "socket activation passed %s as descriptor 3 (expected: a socket)".formatted(target));
    }
    String inode = target.replaceAll("\\D", "");
    return Optional.of(new InheritedSocket(boundTo(inode)));
  }

  /** Serves it through Netty: a channel around the descriptor, for which to bind is nothing. */
  static ServerChannel channel() {
    // systemd passes sockets on whose accept blocks, which would block the event loop.
    Native.setBlocking(FIRST_DESCRIPTOR, false);
    EpollServerDomainSocketChannel channel =
        new EpollServerDomainSocketChannel(FIRST_DESCRIPTOR, true);
    channel
        .pipeline()
        .addLast(
            new ChannelOutboundHandlerAdapter() {
              @Override
              public void bind(
                  ChannelHandlerContext context, SocketAddress address, ChannelPromise promise) {
                promise.setSuccess();
              }
            });
    return channel;
  }

  String describe() {
    return path.map(Path::toString).orElse("descriptor 3");
  }

  private static Optional<Path> boundTo(String inode) throws IOException {
    List<String> sockets = Files.readAllLines(Path.of("/proc/net/unix"));
    for (String socket : sockets) {
      String[] columns = socket.trim().split("\\s+", PATH_COLUMN + 1);
      if (columns.length > INODE_COLUMN && columns[INODE_COLUMN].equals(inode)) {
        if ((Integer.parseInt(columns[FLAGS_COLUMN], 16) & LISTENING) == 0) {
          throw new IOException("socket activation passed a socket that does not listen");
        }
        return columns.length > PATH_COLUMN
            ? Optional.of(Path.of(columns[PATH_COLUMN]))
            : Optional.empty();
      }
    }
    // Of another family, or made in another network namespace: Unix sockets are listed by theirs.
    return Optional.empty();
  }
}
