package io.intermodal.tests.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.cri.v1.DNSConfig;
import io.intermodal.cri.v1.NamespaceMode;
import io.intermodal.cri.v1.PortMapping;
import io.intermodal.cri.v1.Protocol;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.Command;
import io.intermodal.tests.host.HostProcess;
import io.intermodal.tests.host.Ports;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A pod's address, names and ports. */
@EndToEnd
class PodNetworkIT {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final int PORT = 7007;

  private final Cri cri;
  private final Node node;

  PodNetworkIT(Cri cri, Node node) {
    this.cri = cri;
    this.node = node;
  }

  @Test
  void the_address_that_the_status_says_is_the_one_inside_and_answers() {
    Pod pod = cri.runPod();
    Container server = echo(pod);

    assertThat(server.output("ip -4 addr show eth0")).contains("inet " + pod.ip() + "/");
    Await.until("echo over TCP", SOON, () -> Ports.answersTcp(pod.ip(), PORT));
    assertThat(Ports.answersUdp(pod.ip(), PORT)).isTrue();
  }

  @Test
  void two_pods_have_two_addresses() {
    assertThat(cri.runPod().ip()).isNotEmpty().isNotEqualTo(cri.runPod().ip());
  }

  @Test
  void a_pod_reaches_its_neighbour() {
    Pod server = cri.runPod();
    var _ = echo(server);
    Container client = cri.runPod().startIdle();

    Await.until("echo over TCP", SOON, () -> Ports.answersTcp(server.ip(), PORT));

    assertThat(client.output("echo hello | nc -w 2 " + server.ip() + " " + PORT))
        .isEqualTo("hello");
  }

  @Test
  void the_loopback_interface_is_up() {
    Container container = cri.runPod().start("exec echo-server " + PORT);

    Await.until(
        "echo on loopback",
        SOON,
        () -> container.exec("echo x | nc -w 2 127.0.0.1 " + PORT).getExitCode() == 0);
  }

  @Test
  void the_address_is_given_back_when_the_pod_stops() {
    var network = node.network();
    Pod pod = cri.runPod();
    String address = pod.ip();
    assertThat(network.leases()).contains(address);

    pod.stop();

    assertThat(network.leases()).doesNotContain(address);
  }

  @Test
  void the_host_name_is_the_one_asked_for() {
    Container container = cri.runPod(config -> config.setHostname("here-i-am")).startIdle();

    assertThat(container.output("hostname; cat /etc/hostname")).isEqualTo("here-i-am\nhere-i-am");
  }

  @Test
  void the_dns_configuration_is_exactly_the_lines_asked_for() {
    Container container =
        cri.runPod(config ->
                config.setDnsConfig(
                    DNSConfig.newBuilder()
                        .addServers("10.96.0.10")
                        .addServers("2001:db8::53")
                        .addSearches("e2e.svc.cluster.local")
                        .addSearches("cluster.local")
                        .addOptions("ndots:5")
                        .addOptions("edns0")))
            .startIdle();

    assertThat(container.output("grep -v '^#' /etc/resolv.conf | grep ."))
        .hasLineCount(4)
        .satisfies(text ->
            assertThat(text.lines())
                .containsExactlyInAnyOrder(
                    "search e2e.svc.cluster.local cluster.local",
                    "nameserver 10.96.0.10",
                    "nameserver 2001:db8::53",
                    "options ndots:5 edns0"));
  }

  @Test
  void a_host_port_leads_to_the_pod_by_tcp_and_is_closed_when_the_pod_is_gone() {
    int hostPort = Ports.free();
    Pod pod = cri.runPod(config -> config.addPortMappings(mapping(Protocol.TCP, hostPort)));
    var _ = echo(pod);

    Await.until("echo over TCP", SOON, () -> Ports.answersTcp("127.0.0.1", hostPort));
    pod.stop();

    assertThat(Ports.answersTcp("127.0.0.1", hostPort)).isFalse();
  }

  @Test
  void a_host_port_leads_to_the_pod_by_udp() {
    int hostPort = Ports.free();
    Pod pod = cri.runPod(config -> config.addPortMappings(mapping(Protocol.UDP, hostPort)));
    var _ = echo(pod);
    String host = Command.output("hostname", "-I").split(" ", -1)[0];

    Await.until("echo over UDP", SOON, () -> Ports.answersUdp(host, hostPort));
  }

  @Test
  void a_container_port_without_a_host_port_is_no_mapping() {
    Pod pod = cri.runPod(config -> config.addPortMappings(mapping(Protocol.TCP, 0)));

    assertThat(pod.ready()).isTrue();
  }

  @Test
  void a_pod_on_the_hosts_network_has_no_address_of_its_own_and_sees_the_host() {
    Pod pod =
        cri.runPod(config -> {
          config
              .getLinuxBuilder()
              .getSecurityContextBuilder()
              .getNamespaceOptionsBuilder()
              .setNetwork(NamespaceMode.NODE);
          return config.clearHostname();
        });
    Container container =
        pod.startIdle(config -> {
          config
              .getLinuxBuilder()
              .getSecurityContextBuilder()
              .getNamespaceOptionsBuilder()
              .setNetwork(NamespaceMode.NODE);
          return config;
        });

    assertThat(pod.ip()).isEmpty();
    assertThat(pod.status().getLinux().getNamespaces().getOptions().getNetwork())
        .isEqualTo(NamespaceMode.NODE);
    assertThat(container.process().namespace("net"))
        .isEqualTo(new HostProcess(ProcessHandle.current().pid()).namespace("net"));
    assertThat(container.output("hostname")).isEqualTo(Command.output("hostname").strip());
  }

  private Container echo(Pod pod) {
    return pod.start("exec echo-server " + PORT);
  }

  private static PortMapping mapping(Protocol protocol, int hostPort) {
    return PortMapping.newBuilder()
        .setProtocol(protocol)
        .setContainerPort(PORT)
        .setHostPort(hostPort)
        .build();
  }
}
