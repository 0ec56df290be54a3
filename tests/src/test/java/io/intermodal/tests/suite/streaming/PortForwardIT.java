package io.intermodal.tests.suite.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.intermodal.cri.v1.ContainerConfig;
import io.intermodal.cri.v1.NamespaceMode;
import io.intermodal.cri.v1.PodSandboxConfig;
import io.intermodal.cri.v1.PortForwardRequest;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.HostProcess;
import io.intermodal.tests.host.Ports;
import io.intermodal.tests.streaming.PortSession;
import io.intermodal.tests.streaming.PortSession.Connection;
import io.intermodal.tests.streaming.PortTransport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** PortForward: connections to servers in a pod, which may listen on its loopback alone. */
@EndToEnd
class PortForwardIT {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final int PORT = 7007;
  private static final int OTHER_PORT = 7008;
  private static final int NOBODYS_PORT = 7009;

  private final Cri cri;
  private final Sessions sessions;

  PortForwardIT(Cri cri, Node node) {
    this.cri = cri;
    this.sessions = new Sessions(node);
  }

  @ParameterizedTest
  @EnumSource
  void bytes_go_to_a_server_on_the_pods_loopback_and_back(PortTransport transport)
      throws IOException {
    Pod pod = cri.runPod();
    var _ = echo(pod, PORT);
    byte[] sent = Payload.random(2 << 20);

    try (PortSession session = sessions.forward(pod, transport, PORT);
        Connection connection = session.connect(PORT)) {
      var sending = Payload.send(connection.out(), sent);

      assertThat(connection.in().readNBytes(sent.length)).isEqualTo(sent);
      assertThat(sending.join()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void two_ports_are_two_connections(PortTransport transport) throws IOException {
    Pod pod = cri.runPod();
    var _ = echo(pod, PORT);
    var _ = echo(pod, OTHER_PORT);

    try (PortSession session = sessions.forward(pod, transport, PORT, OTHER_PORT);
        Connection one = session.connect(PORT);
        Connection two = session.connect(OTHER_PORT)) {
      two.out().write(new byte[] {2});
      one.out().write(new byte[] {1});

      assertThat(one.in().read()).isEqualTo(1);
      assertThat(two.in().read()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SPDY", "TUNNEL"})
  void twenty_connections_at_once_carry_what_is_theirs(PortTransport transport) throws IOException {
    Pod pod = cri.runPod();
    var _ = echo(pod, PORT);

    try (PortSession session = sessions.forward(pod, transport, PORT)) {
      List<CompletableFuture<Boolean>> all = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        all.add(Payload.inBackground(() -> exchange(session, Payload.random(3 << 20))));
      }
      for (CompletableFuture<Boolean> one : all) {
        assertThat(one.join()).isTrue();
      }
    }
  }

  /** Sends all, reads all, and then closes one direction, upon which the server ends the other. */
  private static void exchange(PortSession session, byte[] sent) throws IOException {
    try (Connection connection = session.connect(PORT)) {
      var sending = Payload.send(connection.out(), sent);

      assertThat(connection.in().readNBytes(sent.length)).isEqualTo(sent);
      assertThat(sending.join()).isTrue();
      connection.out().close();
      assertThat(connection.in().read()).isEqualTo(-1);
      assertThat(connection.error()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SPDY", "TUNNEL"})
  void the_end_of_one_direction_is_passed_on_and_the_other_goes_on(PortTransport transport)
      throws IOException {
    sessions.requireOurs("the end of one direction of a forwarded connection is passed on");
    Pod pod = cri.runPod();
    // It answers only when it knows that nothing more comes.
    Container server =
        pod.start("while :; do nc -l -p " + PORT + " -e /bin/sh -c 'sleep 0.2; sha256sum'; done");
    Await.until("the server listens", SOON, () -> listens(server, PORT));
    byte[] sent = Payload.random(1 << 20);

    try (PortSession session = sessions.forward(pod, transport, PORT);
        Connection connection = session.connect(PORT)) {
      assertThat(Payload.sendAll(connection.out(), sent).join()).isTrue();

      assertThat(new String(connection.in().readAllBytes(), StandardCharsets.US_ASCII))
          .startsWith(Payload.sha256(sent));
      assertThat(connection.error()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SPDY", "TUNNEL"})
  void a_port_without_a_server_is_an_error_of_that_connection_alone(PortTransport transport)
      throws IOException {
    Pod pod = cri.runPod();
    var _ = echo(pod, PORT);

    try (PortSession session = sessions.forward(pod, transport, PORT, NOBODYS_PORT);
        Connection good = session.connect(PORT)) {
      good.out().write(new byte[] {1});
      assertThat(good.in().read()).isEqualTo(1);

      try (Connection bad = session.connect(NOBODYS_PORT)) {
        assertThat(bad.error()).contains(Integer.toString(NOBODYS_PORT));
        assertThat(bad.in().readAllBytes()).isEmpty();
      }

      good.out().write(new byte[] {2});
      assertThat(good.in().read()).isEqualTo(2);
      exchange(session, Payload.random(1000));
    }
  }

  @Test
  void a_port_without_a_server_is_an_error_of_its_channel() throws IOException {
    Pod pod = cri.runPod();

    try (PortSession session = sessions.forward(pod, PortTransport.CHANNELS, NOBODYS_PORT);
        Connection bad = session.connect(NOBODYS_PORT)) {
      assertThat(bad.error()).contains(Integer.toString(NOBODYS_PORT));
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_pod_on_the_hosts_network_has_the_hosts_loopback(PortTransport transport)
      throws IOException {
    int port = Ports.free();
    Pod pod = cri.runPod(PortForwardIT::onHost);
    var _ = echo(pod, port, PortForwardIT::onHost);

    try (PortSession session = sessions.forward(pod, transport, port);
        Connection connection = session.connect(port)) {
      connection.out().write(new byte[] {7});
      assertThat(connection.in().read()).isEqualTo(7);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_client_that_vanishes_takes_its_connections_along(PortTransport transport)
      throws IOException {
    Pod pod = cri.runPod();
    Container server = echo(pod, PORT);

    try (PortSession session = sessions.forward(pod, transport, PORT);
        Connection connection = session.connect(PORT)) {
      connection.out().write(new byte[] {1});
      assertThat(connection.in().read()).isEqualTo(1);
      assertThat(HostProcess.ofContainer(server.id())).hasSize(2);
      session.vanish();

      // The server has a process for each connection.
      Await.until(
          "the connection is closed",
          SOON,
          () ->
              HostProcess.ofContainer(server.id()).stream().filter(HostProcess::running).count()
                  == 1);
    }
  }

  @Test
  void an_unknown_pod_is_not_found() {
    assertThatThrownBy(() ->
            cri.runtime()
                .portForward(
                    PortForwardRequest.newBuilder()
                        .setPodSandboxId("no-such-pod")
                        .addPort(PORT)
                        .build()))
        .extracting(failure -> Status.fromThrowable(failure).getCode())
        .isEqualTo(Status.Code.NOT_FOUND);
  }

  @Test
  void a_stopped_pod_is_refused() {
    Pod pod = cri.runPod();
    pod.stop();

    assertThatThrownBy(() -> pod.portForwardUrl(List.of(PORT)))
        .extracting(failure -> Status.fromThrowable(failure).getCode())
        .isIn(
            sessions.node().ours()
                ? List.of(Status.Code.FAILED_PRECONDITION)
                : List.of(Status.Code.FAILED_PRECONDITION, Status.Code.UNKNOWN));
  }

  /** Starts a server that sends back what it gets, on loopback, and waits for it. */
  private Container echo(Pod pod, int port) {
    return echo(pod, port, config -> config);
  }

  private Container echo(Pod pod, int port, UnaryOperator<ContainerConfig.Builder> changes) {
    Container server = pod.start("exec echo-server " + port + " 127.0.0.1", changes);
    Await.until("the server listens", SOON, () -> listens(server, port));
    return server;
  }

  private static boolean listens(Container server, int port) {
    String table = "/proc/net/tcp /proc/net/tcp6";
    return server.exec("grep -qi ':%04X .* 0A ' %s".formatted(port, table)).getExitCode() == 0;
  }

  private static PodSandboxConfig.Builder onHost(PodSandboxConfig.Builder config) {
    config
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .getNamespaceOptionsBuilder()
        .setNetwork(NamespaceMode.NODE);
    return config.clearHostname();
  }

  private static ContainerConfig.Builder onHost(ContainerConfig.Builder config) {
    config
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .getNamespaceOptionsBuilder()
        .setNetwork(NamespaceMode.NODE);
    return config;
  }
}
