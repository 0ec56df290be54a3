package io.intermodal.server.streaming.ports;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** Connects to a port of a pod from inside, as a process of the pod would. */
final class PodDialer {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private PodDialer() {}

  /**
   * Connects to 127.0.0.1, or else to ::1.
   *
   * @param networkNamespace the path of the pod's namespace
   * @throws IOException when nobody listens on either
   */
  static SocketChannel dial(String networkNamespace, int port) throws IOException {
    return NetworkNamespaces.within(
        networkNamespace,
        () -> {
          try {
            return connect(StandardProtocolFamily.INET, "127.0.0.1", port);
          } catch (IOException first) {
            try {
              return connect(StandardProtocolFamily.INET6, "::1", port);
            } catch (IOException second) {
              first.addSuppressed(second);
              throw first;
            }
          }
        });
  }

  private static SocketChannel connect(ProtocolFamily family, String address, int port)
      throws IOException {
    SocketChannel channel = SocketChannel.open(family);
    try {
      channel
          .socket()
          .connect(
              new InetSocketAddress(InetAddress.ofLiteral(address), port),
              (int) CONNECT.toMillis());
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }
}
