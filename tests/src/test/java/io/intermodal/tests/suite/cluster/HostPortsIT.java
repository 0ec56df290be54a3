package io.intermodal.tests.suite.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.StatusRuntimeException;
import io.intermodal.cri.v1.PortMapping;
import io.intermodal.cri.v1.Protocol;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.EngineKind;
import io.intermodal.tests.engine.NotOnCrio;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.Command;
import io.intermodal.tests.host.HostAddress;
import io.intermodal.tests.host.PacketFilter;
import io.intermodal.tests.host.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Ports of the node that lead to pods, from wherever one may come. That a port is closed when its
 * pod has stopped is {@code PodNetworkIT}'s.
 */
@EndToEnd({
  EngineKind.TRANSLATED,
  EngineKind.FORWARDED,
  EngineKind.FORWARDED_NEWER,
  EngineKind.FORWARDED_CRIO
})
class HostPortsIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String LOOPBACK = "127.0.0.1";
  private static final int DNS_PORT = 53;
  private static final int ECHO_PORT = 7007;
  private static final String ANSWER = "192.0.2.7";
  private static final int CONNECTIONS = 6;

  private final Cri cri;
  private final String address = HostAddress.first();

  HostPortsIT(Cri cri) {
    this.cri = cri;
  }

  @Test
  void
      one_number_leads_by_tcp_and_by_udp_to_two_programs_from_the_node_the_pod_and_its_neighbour() {
    int port = Ports.free();
    Container inside = served(port);
    Container neighbour = cri.runPod().startIdle();

    String podAddress = inside.pod().ip();
    Await.until("the pod's echo", SOON, () -> Ports.answersTcp(podAddress, ECHO_PORT));
    Await.until(
        "an echo by TCP with the rules " + PacketFilter.ofThisHost().about(port),
        SOON,
        () -> Ports.answersTcp(address, port));
    Await.until("an answer by UDP", SOON, () -> inside.exec(ask(address, port)).getExitCode() == 0);

    assertThat(askedOnTheNode(address, port)).contains(ANSWER);
    for (Container client : List.of(inside, neighbour)) {
      assertThat(client.output("echo hello | nc -w 2 %s %d".formatted(address, port)))
          .isEqualTo("hello");
      assertThat(client.output(ask(address, port))).contains(ANSWER);
    }
  }

  @Test
  @NotOnCrio("leads nobody from the node's loopback to a pod")
  void the_nodes_loopback_leads_there_too() {
    int port = Ports.free();
    Container inside = served(port);
    Await.until(
        "the pod answers", SOON, () -> inside.exec(ask(LOOPBACK, DNS_PORT)).getExitCode() == 0);

    Await.until("an echo by TCP", SOON, () -> Ports.answersTcp(LOOPBACK, port));
    assertThat(askedOnTheNode(LOOPBACK, port)).contains(ANSWER);
  }

  @Test
  void a_port_that_two_pods_claim_leads_to_one_of_them_and_is_free_when_both_are_gone() {
    int port = Ports.free();
    Pod first = claiming(port, "first");
    String firstAddress = first.ip();
    Await.until("the first pod answers", SOON, () -> answer(port).equals("first"));

    Optional<Pod> second = tryToClaim(port);
    Optional<String> secondAddress = second.map(Pod::ip);
    // The older one with CNI's portmap, the younger one on CRI-O.
    String winner = answer(port);
    assertThat(winner).isIn("first", "second");
    for (int i = 0; i < CONNECTIONS; i++) {
      assertThat(answer(port)).isEqualTo(winner);
    }

    first.stop();
    assertThat(answer(port)).isEqualTo(second.isPresent() ? "second" : "");
    assertThat(PacketFilter.ofThisHost().about(firstAddress)).isEmpty();
    second.ifPresent(Pod::stop);
    assertThat(answer(port)).isEmpty();
    assertThat(PacketFilter.ofThisHost().about(port)).isEmpty();
    secondAddress.ifPresent(
        address -> assertThat(PacketFilter.ofThisHost().about(address)).isEmpty());

    Pod third = claiming(port, "third");
    Await.until("the third pod answers", SOON, () -> answer(port).equals("third"));
    third.stop();
    assertThat(PacketFilter.ofThisHost().about(port)).isEmpty();
  }

  /** In a pod that echoes by TCP and knows a name by UDP, both on one port of the host. */
  private Container served(int port) {
    Pod pod =
        cri.runPod(config ->
            config
                .addPortMappings(mapping(Protocol.TCP, port, ECHO_PORT))
                .addPortMappings(mapping(Protocol.UDP, port, DNS_PORT)));
    var _ = pod.start("exec dns-server here.test=" + ANSWER);
    return pod.start("exec echo-server " + ECHO_PORT);
  }

  private static String ask(String address, int port) {
    return "nslookup -type=a here.test. %s:%d".formatted(address, port);
  }

  private static String askedOnTheNode(String address, int port) {
    return Command.output("/bin/sh", "-c", "busybox " + ask(address, port));
  }

  /** A pod whose port answers every connection with a word. */
  private Pod claiming(int port, String word) {
    Pod pod = cri.runPod(config -> config.addPortMappings(mapping(Protocol.TCP, port, ECHO_PORT)));
    var _ = pod.start("exec nc -ll -p %d -e /bin/echo %s".formatted(ECHO_PORT, word));
    Await.until("it listens", SOON, () -> read(pod.ip(), ECHO_PORT).equals(word));
    return pod;
  }

  /** CNI's portmap lets both claim it; an engine that refuses has to say which port it is. */
  private Optional<Pod> tryToClaim(int port) {
    try {
      return Optional.of(claiming(port, "second"));
    } catch (StatusRuntimeException e) {
      assertThat(e).hasMessageContaining(Integer.toString(port));
      assertThat(cri.ownPods()).hasSize(1);
      return Optional.empty();
    }
  }

  private String answer(int port) {
    return read(address, port);
  }

  /** What is sent to whoever connects; empty when nobody can. */
  private static String read(String address, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral(address), port), 2_000);
      socket.setSoTimeout(2_000);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
    } catch (IOException e) {
      return "";
    }
  }

  private static PortMapping mapping(Protocol protocol, int hostPort, int containerPort) {
    return PortMapping.newBuilder()
        .setProtocol(protocol)
        .setHostPort(hostPort)
        .setContainerPort(containerPort)
        .build();
  }
}
