package io.intermodal.server.network;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.intermodal.cri.v1.PodSandboxMetadata;
import io.intermodal.cri.v1.PortMapping;
import io.intermodal.cri.v1.Protocol;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.node.PodAttachment;
import io.intermodal.server.network.cni.NetworkConfig;
import io.intermodal.server.network.cni.PodInterface;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What plugins are told about a pod, under the names that Kubernetes' runtimes have agreed on.
 *
 * @see <a href="https://www.cni.dev/docs/conventions/">the conventions</a>
 */
final class PodInterfaces {
  static final String INTERFACE = "eth0";

  private static final Logger LOG = LoggerFactory.getLogger(PodInterfaces.class);
  private static final String INGRESS = "kubernetes.io/ingress-bandwidth";
  private static final String EGRESS = "kubernetes.io/egress-bandwidth";

  /** The bounds that Kubernetes sets for both annotations, in bits a second. */
  private static final BigDecimal SLOWEST = new BigDecimal(1_000);

  private static final BigDecimal FASTEST = new BigDecimal(1_000_000_000_000_000L);

  /** In bits; practically no limit, and the value that cri-dockerd gives. */
  private static final long BURST = Integer.MAX_VALUE;

  private PodInterfaces() {}

  /**
   * @param podCidr ranges for {@code ipRanges}, one for each family; empty if none were told
   * @throws CriException INVALID_ARGUMENT for ports or bandwidths that are none,
   *     FAILED_PRECONDITION when the pod wants host ports and the network cannot make them
   */
  static PodInterface of(PodAttachment pod, NetworkConfig network, List<String> podCidr) {
    JsonObject capabilities = new JsonObject();
    addPorts(capabilities, pod, network);
    addBandwidth(capabilities, pod, network);
    addDns(capabilities, pod);
    if (!podCidr.isEmpty()) {
      JsonArray ranges = new JsonArray();
      for (String cidr : podCidr) {
        JsonObject range = new JsonObject();
        range.addProperty("subnet", cidr);
        JsonArray set = new JsonArray();
        set.add(range);
        ranges.add(set);
      }
      capabilities.add("ipRanges", ranges);
    }
    if (!pod.annotations().isEmpty()) {
      JsonObject annotations = new JsonObject();
      pod.annotations().forEach(annotations::addProperty);
      capabilities.add("io.kubernetes.cri.pod-annotations", annotations);
    }
    if (!pod.cgroupParent().isEmpty()) {
      capabilities.addProperty("cgroupPath", pod.cgroupParent());
    }
    return new PodInterface(
        pod.sandboxId(), pod.networkNamespace(), INTERFACE, arguments(pod), capabilities);
  }

  private static List<PodInterface.Argument> arguments(PodAttachment pod) {
    PodSandboxMetadata metadata = pod.metadata();
    return List.of(
        new PodInterface.Argument("IgnoreUnknown", "1"),
        new PodInterface.Argument("K8S_POD_NAMESPACE", metadata.getNamespace()),
        new PodInterface.Argument("K8S_POD_NAME", metadata.getName()),
        new PodInterface.Argument("K8S_POD_INFRA_CONTAINER_ID", pod.sandboxId()),
        new PodInterface.Argument("K8S_POD_UID", metadata.getUid()));
  }

  private static void addPorts(JsonObject capabilities, PodAttachment pod, NetworkConfig network) {
    JsonArray mappings = new JsonArray();
    for (PortMapping port : pod.ports()) {
      if (port.getHostPort() == 0) {
        continue;
      }
      JsonObject mapping = new JsonObject();
      mapping.addProperty("hostPort", checkedPort(pod, port.getHostPort()));
      mapping.addProperty("containerPort", checkedPort(pod, port.getContainerPort()));
      mapping.addProperty("protocol", protocol(pod, port.getProtocol()));
      if (!port.getHostIp().isEmpty()) {
        mapping.addProperty("hostIP", port.getHostIp());
      }
      mappings.add(mapping);
    }
    if (mappings.isEmpty()) {
      return;
    }
    if (!network.has("portMappings")) {
      throw CriException.failedPrecondition(
          name(pod)
              + " asks for host ports, but no plugin of the network "
              + network.name()
              + " has the capability portMappings: add the plugin portmap to its file");
    }
    capabilities.add("portMappings", mappings);
  }

  private static int checkedPort(PodAttachment pod, int port) {
    if (port < 1 || port > 65_535) {
      throw CriException.invalid(name(pod) + ": " + port + " is not a port (1 to 65535)");
    }
    return port;
  }

  private static String protocol(PodAttachment pod, Protocol protocol) {
    return switch (protocol) {
      case TCP -> "tcp";
      case UDP -> "udp";
      case SCTP -> "sctp";
      case UNRECOGNIZED ->
          throw CriException.invalid(
              name(pod) + ": a port's protocol is not one of TCP, UDP, SCTP");
    };
  }

  private static void addBandwidth(
      JsonObject capabilities, PodAttachment pod, NetworkConfig network) {
    JsonObject bandwidth = new JsonObject();
    rate(pod, INGRESS)
        .ifPresent(rate -> {
          bandwidth.addProperty("ingressRate", rate);
          bandwidth.addProperty("ingressBurst", BURST);
        });
    rate(pod, EGRESS)
        .ifPresent(rate -> {
          bandwidth.addProperty("egressRate", rate);
          bandwidth.addProperty("egressBurst", BURST);
        });
    if (bandwidth.isEmpty()) {
      return;
    }
    if (!network.has("bandwidth")) {
      // Not refused: to Kubernetes these annotations are a wish, and every runtime starts the pod.
      LOG.warn(
          "{} asks for a bandwidth, but no plugin of the network {} has that capability",
          name(pod),
          network.name());
      return;
    }
    capabilities.add("bandwidth", bandwidth);
  }

  /** In bits a second. */
  private static Optional<Long> rate(PodAttachment pod, String annotation) {
    Map<String, String> annotations = pod.annotations();
    String text = annotations.get(annotation);
    if (text == null) {
      return Optional.empty();
    }
    return Optional.of(
        Quantity.parse(text)
            .filter(rate -> rate.compareTo(SLOWEST) >= 0 && rate.compareTo(FASTEST) <= 0)
            .map(BigDecimal::longValueExact)
            .orElseThrow(() ->
                CriException.invalid(
                    name(pod)
                        + ": the annotation "
                        + annotation
                        + " is not a quantity from 1k to 1P: \""
                        + text
                        + "\"")));
  }

  private static void addDns(JsonObject capabilities, PodAttachment pod) {
    JsonObject dns = new JsonObject();
    addTexts(dns, "servers", pod.dns().getServersList());
    addTexts(dns, "searches", pod.dns().getSearchesList());
    addTexts(dns, "options", pod.dns().getOptionsList());
    if (!dns.isEmpty()) {
      capabilities.add("dns", dns);
    }
  }

  private static void addTexts(JsonObject object, String field, List<String> texts) {
    if (!texts.isEmpty()) {
      JsonArray array = new JsonArray();
      texts.forEach(array::add);
      object.add(field, array);
    }
  }

  /** How the pod is called in messages. */
  static String name(PodAttachment pod) {
    return "pod " + pod.metadata().getNamespace() + "/" + pod.metadata().getName();
  }
}
