package io.intermodal.tests.suite.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.cri.v1.Capability;
import io.intermodal.cri.v1.ContainerConfig;
import io.intermodal.cri.v1.DNSConfig;
import io.intermodal.cri.v1.Int64Value;
import io.intermodal.cri.v1.LinuxContainerSecurityContext;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.EngineKind;
import io.intermodal.tests.host.Await;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A cluster's DNS: a server that is not root on port 53, and pods that find each other through it.
 * That a pod has the host's names when none are asked for is {@code PodNetworkIT}'s.
 */
@EndToEnd({
  EngineKind.TRANSLATED,
  EngineKind.FORWARDED,
  EngineKind.FORWARDED_NEWER,
  EngineKind.FORWARDED_CRIO
})
class DnsIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  /** Has the C library's resolver ask by TCP alone. */
  private static final String BY_TCP = "RES_OPTIONS=use-vc";

  private static final int USER = 1000;
  private static final int PORT = 7007;

  private final Cri cri;

  DnsIT(Cri cri) {
    this.cri = cri;
  }

  @Test
  void a_server_that_is_not_root_answers_on_port_53_a_pod_that_was_told_to_ask_it_first() {
    Pod coreDns = cri.runPod();
    // As CoreDNS has it: the program's file carries the one capability that is left to it. It is
    // the first process, as a shell before it would have none to pass on.
    Container server =
        coreDns.start(
            restricted(
                cri.container(cri.testImages().busybox())
                    .addCommand("/bin/dns-server")
                    .addArgs("web.shop.svc.cluster.local=" + coreDns.ip())
                    .addArgs("db.svc.cluster.local=" + coreDns.ip()),
                Capability.newBuilder().addAddCapabilities("NET_BIND_SERVICE")));
    var _ = coreDns.start("exec echo-server " + PORT);
    Container client =
        cri.runPod(config -> config.setDnsConfig(clusterFirst(coreDns.ip()))).startIdle();

    // A resolver asks its servers in their order and reads the last line of any other kind.
    String resolvConf = client.output("grep -v '^#' /etc/resolv.conf | grep .");
    assertThat(resolvConf.lines())
        .filteredOn(line -> line.startsWith("nameserver"))
        .containsExactly(
            "nameserver " + coreDns.ip(), "nameserver 2001:db8::53", "nameserver 198.51.100.53");
    assertThat(resolvConf.lines())
        .filteredOn(line -> !line.startsWith("nameserver"))
        .containsExactlyInAnyOrder(
            "search shop.svc.cluster.local svc.cluster.local cluster.local",
            "options ndots:5 timeout:1 edns0");

    Await.until("the name's echo", SOON, () -> client.exec(reach("", "web")).getExitCode() == 0);
    for (String way : List.of("", BY_TCP)) {
      assertThat(client.output(reach(way, "web"))).isEqualTo("hello");
      // Found by the second name that is searched for, so that the first one's answer was read.
      assertThat(client.output(reach(way, "db"))).isEqualTo("hello");
      assertThat(client.exec(reach(way, "nobody")).getExitCode()).isNotZero();
    }
    assertThat(client.output("nslookup -type=a web.shop.svc.cluster.local."))
        .contains("Server:\t\t" + coreDns.ip())
        .contains("Address: " + coreDns.ip());
    assertThat(server.process().status("Uid")).startsWith(USER + "\t");
  }

  @Test
  void a_pod_whose_sysctl_opens_all_ports_needs_no_capability_for_port_53() {
    Pod pod =
        cri.runPod(config -> {
          config.getLinuxBuilder().putSysctls("net.ipv4.ip_unprivileged_port_start", "0");
          return config;
        });
    // A copy of the program carries nothing.
    Container server =
        pod.start(
            "cp /bin/dns-server /tmp/plain && exec /tmp/plain here.cluster.local=192.0.2.7",
            config -> restricted(config, Capability.newBuilder()));

    String ask = "nslookup -type=a here.cluster.local. 127.0.0.1";
    Await.until("the server answers", SOON, () -> server.exec(ask).getExitCode() == 0);
    assertThat(server.output(ask)).contains("192.0.2.7");
  }

  /** The cluster's DNS, and two that do not answer: addresses for documentation. */
  private static DNSConfig clusterFirst(String address) {
    return DNSConfig.newBuilder()
        .addServers(address)
        .addServers("2001:db8::53")
        .addServers("198.51.100.53")
        .addSearches("shop.svc.cluster.local")
        .addSearches("svc.cluster.local")
        .addSearches("cluster.local")
        .addOptions("ndots:5")
        .addOptions("timeout:1")
        .addOptions("edns0")
        .build();
  }

  private static String reach(String way, String name) {
    return "echo hello | %s nc -w 2 %s %d".formatted(way, name, PORT);
  }

  /** A user, no way to more rights, and of the capabilities the given ones alone. */
  private static ContainerConfig.Builder restricted(
      ContainerConfig.Builder config, Capability.Builder capabilities) {
    config
        .getLinuxBuilder()
        .setSecurityContext(
            LinuxContainerSecurityContext.newBuilder()
                .setRunAsUser(Int64Value.newBuilder().setValue(USER))
                .setRunAsGroup(Int64Value.newBuilder().setValue(USER))
                .setNoNewPrivs(true)
                .setCapabilities(capabilities.addDropCapabilities("ALL")));
    return config;
  }
}
