package io.intermodal.server.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.intermodal.cri.v1.DNSConfig;
import io.intermodal.cri.v1.PodSandboxMetadata;
import io.intermodal.cri.v1.PortMapping;
import io.intermodal.cri.v1.Protocol;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.node.PodAttachment;
import io.intermodal.server.network.cni.NetworkConfig;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What plugins are told about a pod. */
final class PodInterfacesTest {
  @ParameterizedTest
  @CsvSource({
    "10M, 10000000",
    "1G, 1000000000",
    "1.5G, 1500000000",
    "1Mi, 1048576",
    "2Gi, 2147483648",
    "2.5Ki, 2560",
    "1000, 1000",
    "1000.2, 1001",
    "1e6, 1000000",
    "12E3, 12000",
    "1k, 1000",
    "5000000m, 5000",
    "+2k, 2000",
    ".5M, 500000",
    "1P, 1000000000000000",
  })
  void quantities_become_bits_a_second(String text, String bits) {
    assertThat(Quantity.parse(text)).contains(new BigDecimal(bits));
    assertThat(
            told(Map.of("kubernetes.io/ingress-bandwidth", text), List.of())
                .getAsJsonObject("bandwidth")
                .get("ingressRate")
                .getAsString())
        .isEqualTo(bits);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "fast", "10 M", "10MB", "1ki", "-1M", "999", "2P", "1e", "1E99", "--1"})
  void what_is_no_bandwidth_is_refused(String text) {
    assertThatThrownBy(() -> told(Map.of("kubernetes.io/egress-bandwidth", text), List.of()))
        .hasMessageContaining("kubernetes.io/egress-bandwidth")
        .isInstanceOfSatisfying(
            CriException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID_ARGUMENT));
  }

  @Test
  void each_direction_has_its_rate_and_a_burst_that_is_no_limit() {
    assertThat(
            told(
                    Map.of(
                        "kubernetes.io/ingress-bandwidth", "1M",
                        "kubernetes.io/egress-bandwidth", "2M"),
                    List.of())
                .get("bandwidth")
                .toString())
        .isEqualTo(
            "{\"ingressRate\":1000000,\"ingressBurst\":2147483647,"
                + "\"egressRate\":2000000,\"egressBurst\":2147483647}");
  }

  @Test
  void ports_are_told_in_the_plugins_words_and_those_without_a_host_port_are_not() {
    assertThat(
            told(
                    Map.of(),
                    List.of(
                        port(Protocol.TCP, 8080, 80, ""),
                        port(Protocol.UDP, 53, 5353, "127.0.0.1"),
                        port(Protocol.SCTP, 9, 9, "::1"),
                        port(Protocol.TCP, 0, 443, "")))
                .get("portMappings")
                .toString())
        .isEqualTo(
            "[{\"hostPort\":8080,\"containerPort\":80,\"protocol\":\"tcp\"},"
                + "{\"hostPort\":53,\"containerPort\":5353,\"protocol\":\"udp\","
                + "\"hostIP\":\"127.0.0.1\"},"
                + "{\"hostPort\":9,\"containerPort\":9,\"protocol\":\"sctp\",\"hostIP\":\"::1\"}]");
  }

  @ParameterizedTest
  @CsvSource({"70000, 80", "-1, 80", "80, 0", "80, 65536"})
  void impossible_ports_are_refused(int host, int container) {
    assertThatThrownBy(() -> told(Map.of(), List.of(port(Protocol.TCP, host, container, ""))))
        .isInstanceOfSatisfying(
            CriException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID_ARGUMENT));
  }

  @Test
  void host_ports_on_a_network_that_cannot_make_them_are_refused() {
    NetworkConfig plain =
        network(
            "{\"cniVersion\":\"1.0.0\",\"name\":\"plain\",\"plugins\":[{\"type\":\"bridge\"}]}");
    PodAttachment pod = pod(Map.of(), List.of(port(Protocol.TCP, 8080, 80, "")));
    assertThatThrownBy(() -> PodInterfaces.of(pod, plain, List.of()))
        .hasMessageContaining("plain")
        .hasMessageContaining("portMappings")
        .isInstanceOfSatisfying(
            CriException.class, e -> assertThat(e.code()).isEqualTo(Code.FAILED_PRECONDITION));
    PodAttachment without = pod(Map.of(), List.of(port(Protocol.TCP, 0, 80, "")));
    assertThat(
            PodInterfaces.of(without, plain, List.of()).capabilityArguments().has("portMappings"))
        .isFalse();
  }

  @Test
  void dns_annotations_and_cgroup_are_told() {
    JsonObject told = told(Map.of("a", "b"), List.of());
    assertThat(told.get("dns").toString())
        .isEqualTo(
            "{\"servers\":[\"10.0.0.10\"],\"searches\":[\"svc\"],\"options\":[\"ndots:5\"]}");
    assertThat(told.get("io.kubernetes.cri.pod-annotations").toString()).isEqualTo("{\"a\":\"b\"}");
    assertThat(told.get("cgroupPath").getAsString()).isEqualTo("/kubepods/pod1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0", "10.0.0.0/33", "/24", "host/24", "fd00::/129", "10.0.0.0/-1"})
  void what_is_no_range_is_refused_as_pod_cidr(String text) {
    assertThatThrownBy(() -> PodCidr.parse(text)).hasMessageContaining("pod CIDR");
  }

  @Test
  void a_pod_cidr_can_be_of_both_families() {
    assertThat(PodCidr.parse("10.1.0.0/24, fd00:1::/64"))
        .containsExactly("10.1.0.0/24", "fd00:1::/64");
  }

  private static JsonObject told(Map<String, String> annotations, List<PortMapping> ports) {
    return PodInterfaces.of(pod(annotations, ports), network(ScriptedNode.USUAL), List.of())
        .capabilityArguments();
  }

  private static NetworkConfig network(String json) {
    try {
      return NetworkConfig.parse(json.getBytes(StandardCharsets.UTF_8));
    } catch (io.intermodal.server.network.cni.MalformedJsonException e) {
      throw new AssertionError(e);
    }
  }

  private static PodAttachment pod(Map<String, String> annotations, List<PortMapping> ports) {
    return new PodAttachment(
        "s1",
        PodSandboxMetadata.newBuilder().setName("web").setNamespace("shop").build(),
        "/proc/1/ns/net",
        ports,
        DNSConfig.newBuilder()
            .addServers("10.0.0.10")
            .addSearches("svc")
            .addOptions("ndots:5")
            .build(),
        annotations,
        "/kubepods/pod1");
  }

  private static PortMapping port(Protocol protocol, int host, int container, String ip) {
    return PortMapping.newBuilder()
        .setProtocol(protocol)
        .setHostPort(host)
        .setContainerPort(container)
        .setHostIp(ip)
        .build();
  }
}
