package io.intermodal.server.streaming.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a real network namespace, which needs root. */
class PodDialerTest {
  private @Nullable Process holder;
  private String namespace = "";

  @BeforeEach
  void makeNamespace() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
    Process started =
        new ProcessBuilder(
                "unshare", "--net", "sh", "-c", "ip link set lo up && echo up; exec sleep 600")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    holder = started;
    BufferedReader out = started.inputReader(StandardCharsets.UTF_8);
    assumeTrue("up".equals(out.readLine()), "needs unshare, ip, and the right to use them");
    namespace = "/proc/" + started.pid() + "/ns/net";
  }

  @AfterEach
  void endNamespace() {
    if (holder != null) {
      holder.destroyForcibly();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void a_port_that_only_the_pod_can_reach_is_reached(String address) throws IOException {
    try (ServerSocketChannel server = NetworkNamespaces.within(namespace, () -> listen(address))) {
      int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
      try (SocketChannel client = PodDialer.dial(namespace, port);
          SocketChannel accepted = server.accept()) {
        accepted.write(ByteBuffer.wrap(new byte[] {42}));
        ByteBuffer read = ByteBuffer.allocate(8);
        client.read(read);
        assertThat(read.flip().get()).isEqualTo((byte) 42);
      }
      assertThatThrownBy(() -> PodDialer.dial("/proc/self/ns/net", port))
          .isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void nobody_but_the_dialling_thread_leaves_its_namespace() throws Exception {
    Path mine = Path.of("/proc/thread-self/ns/net");
    Path before = Files.readSymbolicLink(mine);

    assertThat(NetworkNamespaces.within(namespace, () -> Files.readSymbolicLink(mine)))
        .isEqualTo(Files.readSymbolicLink(Path.of(namespace)))
        .isNotEqualTo(before);
    assertThat(Files.readSymbolicLink(mine)).isEqualTo(before);
  }

  @Test
  void a_namespace_that_is_gone_is_an_error_with_its_path() {
    assertThatThrownBy(() -> PodDialer.dial("/proc/0/ns/net", 80))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/proc/0/ns/net");
  }

  private static ServerSocketChannel listen(String address) throws IOException {
    InetAddress literal = InetAddress.ofLiteral(address);
    ServerSocketChannel channel =
        ServerSocketChannel.open(
            literal instanceof Inet4Address
                ? StandardProtocolFamily.INET
                : StandardProtocolFamily.INET6);
    return channel.bind(new InetSocketAddress(literal, 0));
  }
}
