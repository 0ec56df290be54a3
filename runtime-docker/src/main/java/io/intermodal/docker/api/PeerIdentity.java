package io.intermodal.docker.api;

import java.io.IOException;
import java.nio.file.Path;
import jnr.unixsocket.Credentials;
import jnr.unixsocket.UnixSocketAddress;
import jnr.unixsocket.UnixSocketChannel;
import jnr.unixsocket.UnixSocketOptions;

/**
 * Who serves a Unix socket, as the kernel says (SO_PEERCRED): the process that listens, at the time
 * when it began to. The JDK gives the user and group but not the process.
 *
 * @param pid the process id, 0 when it is outside our PID namespace
 */
public record PeerIdentity(int pid, int uid, int gid) {
  /**
   * Connects, asks and hangs up.
   *
   * @throws IOException when nobody listens
   */
  public static PeerIdentity of(Path socket) throws IOException {
    try (UnixSocketChannel channel =
        UnixSocketChannel.open(new UnixSocketAddress(socket.toFile()))) {
      Credentials peer = channel.getOption(UnixSocketOptions.SO_PEERCRED);
      return new PeerIdentity(peer.getPid(), peer.getUid(), peer.getGid());
    }
  }

  /** Whether secrets may be told to it. */
  public boolean isRoot() {
    return uid == 0;
  }
}
