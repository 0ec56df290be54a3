package io.intermodal.server.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.intermodal.cri.v1.DNSConfig;
import io.intermodal.cri.v1.PodSandboxMetadata;
import io.intermodal.cri.v1.PortMapping;
import io.intermodal.cri.v1.Protocol;
import io.intermodal.runtime.node.PodAddresses;
import io.intermodal.runtime.node.PodAttachment;
import io.intermodal.server.network.cni.PluginDirectories;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The plugins of the CNI project, in network namespaces of our own. */
@Timeout(120)
final class RealPluginsTest {
  private static final PluginDirectories PLUGINS =
      PluginDirectories.parse("/usr/lib/cni:/opt/cni/bin:/usr/libexec/cni");

  /** Unlike any other on this machine, and short enough for an interface's name. */
  private final String tag = "it" + Long.toString(ProcessHandle.current().pid() % 46_656, 36);

  @TempDir Path root;
  private Path conf;
  private Path leases;

  @BeforeEach
  void makeNamespace() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
    for (String plugin : List.of("bridge", "host-local", "portmap", "firewall")) {
      assumeTrue(PLUGINS.find(plugin).isPresent(), "needs the CNI plugin " + plugin);
    }
    assumeTrue(succeeds("sh", "-c", "command -v ip && command -v iptables"), "needs ip, iptables");
    assumeTrue(succeeds("iptables", "-t", "nat", "-L", "-n"), "needs the right to filter packets");
    assumeTrue(succeeds("ip", "netns", "add", tag), "needs the right to make network namespaces");
    run("ip", "-n", tag, "link", "set", "lo", "up");
    conf = Files.createDirectories(root.resolve("net.d"));
    leases = root.resolve("leases");
    Files.writeString(
        conf.resolve("10-real.conflist"),
        """
        {"cniVersion":"1.0.0","name":"real-@tag@","plugins":[
          {"type":"bridge","bridge":"@tag@","isGateway":true,"ipMasq":true,
           "ipam":{"type":"host-local","dataDir":"@leases@",
             "ranges":[[{"subnet":"10.254.77.0/24"}],[{"subnet":"fd00:254:77::/64"}]],
             "routes":[{"dst":"0.0.0.0/0"}]}},
          {"type":"portmap","capabilities":{"portMappings":true}},
          {"type":"firewall"}]}
        """
            .replace("@tag@", tag)
            .replace("@leases@", leases.toString()));
  }

  @AfterEach
  void removeNamespace() throws Exception {
    if (conf != null) {
      // Whatever a failed test left: rules of the packet filter outlive the namespace.
      try (CniPodNetwork network = open()) {
        for (String sandboxId : List.of("real-1", "real-2", "real-3")) {
          network.detach(sandboxId);
        }
      }
      succeeds("ip", "netns", "del", tag);
      succeeds("ip", "link", "del", tag);
    }
  }

  @Test
  void a_pod_gets_an_address_that_answers_and_gives_it_back() throws Exception {
    try (CniPodNetwork network = open()) {
      PodAddresses addresses = network.attach(pod("real-1"));

      assertThat(addresses.primary()).startsWith("10.254.77.");
      assertThat(addresses.additional()).singleElement().asString().startsWith("fd00:254:77:");
      assertThat(leases()).contains(addresses.primary());
      assertThat(InetAddress.ofLiteral(addresses.primary()).isReachable(5_000)).isTrue();
      assertThat(output("iptables-save")).contains("real-" + tag);
      network.check("real-1");

      network.detach("real-1");

      assertThat(leases()).isEmpty();
      assertThat(output("ip", "-n", tag, "link")).doesNotContain("eth0");
      assertThat(output("iptables-save")).doesNotContain("real-" + tag);
    }
  }

  @Test
  void a_host_port_leads_to_the_pod() throws Exception {
    try (CniPodNetwork network = open()) {
      PodAddresses addresses = network.attach(pod("real-2", port(18_099, 8099)));
      Process server =
          new ProcessBuilder(
                  "ip",
                  "netns",
                  "exec",
                  tag,
                  "perl",
                  "-MIO::Socket::INET",
                  "-e",
                  "$s=IO::Socket::INET->new(Listen=>5,LocalPort=>8099,ReuseAddr=>1) or die;"
                      + "while($c=$s->accept){print $c 'hello';close $c}")
              .start();
      try {
        ScriptedNode.eventually(
            "the pod's port answers", () -> read(addresses.primary(), 8099).equals("hello"));
        String host = hostAddress();
        assumeTrue(!host.isEmpty(), "needs an address of the host besides loopback");
        assertThat(read(host, 18_099)).isEqualTo("hello");
      } finally {
        server.destroyForcibly();
        network.detach("real-2");
      }
    }
  }

  @Test
  void a_pod_whose_namespace_is_gone_gives_its_address_back_at_the_next_start() throws Exception {
    // Without its namespace the bridge plugin (seen in 1.1.1) leaves the rule for masquerading.
    Path file = conf.resolve("10-real.conflist");
    Files.writeString(file, Files.readString(file).replace("\"ipMasq\":true", "\"ipMasq\":false"));
    try (CniPodNetwork network = open()) {
      network.attach(pod("real-3"));
    }
    run("ip", "netns", "del", tag);
    try (CniPodNetwork network = open()) {
      network.retainOnly(Set.of());
      assertThat(leases()).isEmpty();
    }
  }

  private CniPodNetwork open() throws Exception {
    NetworkSettings settings = NetworkSettings.of(conf, PLUGINS);
    return CniPodNetwork.open(settings, new TempStateDirectory(root.resolve("state")));
  }

  private PodAttachment pod(String sandboxId, PortMapping... ports) {
    return new PodAttachment(
        sandboxId,
        PodSandboxMetadata.newBuilder().setName("real").setNamespace("it").setUid("u").build(),
        "/run/netns/" + tag,
        List.of(ports),
        DNSConfig.getDefaultInstance(),
        Map.of(),
        "");
  }

  private static PortMapping port(int host, int container) {
    return PortMapping.newBuilder()
        .setProtocol(Protocol.TCP)
        .setHostPort(host)
        .setContainerPort(container)
        .build();
  }

  private List<String> leases() throws Exception {
    Path folder = leases.resolve("real-" + tag);
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.startsWith("10.") || name.startsWith("fd"))
          .toList();
    }
  }

  private static String read(String address, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral(address), port), 1_000);
      socket.setSoTimeout(1_000);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (java.io.IOException e) {
      return "failed: " + e;
    }
  }

  private static String hostAddress() throws Exception {
    return java.net.NetworkInterface.networkInterfaces()
        .filter(i -> i.getName().startsWith("e"))
        .flatMap(java.net.NetworkInterface::inetAddresses)
        .filter(a -> a instanceof java.net.Inet4Address)
        .map(InetAddress::getHostAddress)
        .findFirst()
        .orElse("");
  }

  private static boolean succeeds(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (InputStream out = process.getInputStream()) {
      out.readAllBytes();
    }
    return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  private static void run(String... command) throws Exception {
    assertThat(succeeds(command)).as(String.join(" ", command)).isTrue();
  }

  private static String output(String... command) throws Exception {
    Process process = new ProcessBuilder(command).start();
    try (InputStream out = process.getInputStream()) {
      return new String(out.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
