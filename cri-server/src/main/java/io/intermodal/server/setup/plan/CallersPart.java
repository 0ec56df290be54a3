package io.intermodal.server.setup.plan;

import io.intermodal.cri.v1.CgroupDriver;
import io.intermodal.runtime.node.Host;
import io.intermodal.runtime.setup.SetupException;
import io.intermodal.runtime.setup.WantedFile;
import io.intermodal.server.setup.change.WantedNode;
import io.intermodal.server.setup.host.HostFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What those who call the server read: the kubelet's configuration, as a drop-in beside its own,
 * and crictl's.
 *
 * @param endpoint the server's socket as a URL
 * @param driver the node's cgroup driver
 * @param cgroups which version the host has
 * @param dns the cluster's DNS servers
 * @param domain the cluster's domain
 */
record CallersPart(
    String endpoint,
    CgroupDriver driver,
    Host.Cgroups cgroups,
    List<String> dns,
    Optional<String> domain) {
  static final Path KUBELET = Path.of("/etc/kubernetes/kubelet.conf.d/50-intermodal.conf");
  static final Path CRICTL = Path.of("/etc/crictl.yaml");

  /** What systemd-resolved writes the servers into that it asks itself. */
  private static final Path RESOLVED = Path.of("/run/systemd/resolve/resolv.conf");

  private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
  private static final String STUB = "127.0.0.53";

  void into(WantedNode.Builder wanted, HostFiles files) throws SetupException, IOException {
    wanted.file(
        new WantedFile(
            KUBELET,
            kubelet(files),
            "a kubelet reads it with --config-dir=" + KUBELET.getParent()));
    YamlFile crictl =
        new YamlFile(CRICTL, files.read(CRICTL).orElse(""))
            .with("runtime-endpoint", endpoint)
            .with("image-endpoint", endpoint);
    wanted.file(new WantedFile(CRICTL, crictl.text(), "crictl finds the server by it"));
  }

  /**
   * A file for {@code kubeadm init --config}: its configurations of kubeadm.k8s.io/v1beta4, and the
   * kubelet's.
   *
   * @param ranges the pods' addresses; none leaves them to the cluster's network
   */
  String kubeadm(List<String> ranges, HostFiles files) throws IOException {
    StringBuilder yaml = new StringBuilder();
    yaml.append("apiVersion: kubeadm.k8s.io/v1beta4\n");
    yaml.append("kind: InitConfiguration\n");
    yaml.append("nodeRegistration:\n");
    field(yaml, "  criSocket", endpoint);
    yaml.append("---\n");
    yaml.append("apiVersion: kubeadm.k8s.io/v1beta4\n");
    yaml.append("kind: ClusterConfiguration\n");
    if (!ranges.isEmpty() || domain.isPresent()) {
      yaml.append("networking:\n");
      domain.ifPresent(name -> field(yaml, "  dnsDomain", name));
      if (!ranges.isEmpty()) {
        field(yaml, "  podSubnet", String.join(",", ranges));
      }
    }
    yaml.append("---\n");
    return yaml.append(kubelet(files)).toString();
  }

  /** A KubeletConfiguration of kubelet.config.k8s.io/v1beta1 with the fields that we know. */
  String kubelet(HostFiles files) throws IOException {
    StringBuilder yaml = new StringBuilder();
    yaml.append("apiVersion: kubelet.config.k8s.io/v1beta1\n");
    yaml.append("kind: KubeletConfiguration\n");
    field(yaml, "containerRuntimeEndpoint", endpoint);
    field(yaml, "imageServiceEndpoint", endpoint);
    field(yaml, "cgroupDriver", driver == CgroupDriver.SYSTEMD ? "systemd" : "cgroupfs");
    if (cgroups == Host.Cgroups.V1) {
      yaml.append("# From 1.35 on a kubelet does not start on cgroup v1 unless it is told to.\n");
      field(yaml, "failCgroupV1", "false");
    }
    if (!dns.isEmpty()) {
      yaml.append("clusterDNS:\n");
      dns.forEach(server -> yaml.append("- ").append(server).append('\n'));
    }
    domain.ifPresent(name -> field(yaml, "clusterDomain", name));
    if (files.read(RESOLV_CONF).orElse("").contains(STUB) && files.read(RESOLVED).isPresent()) {
      yaml.append("# The host's own names a server that pods cannot reach.\n");
      field(yaml, "resolvConf", RESOLVED.toString());
    }
    return yaml.toString();
  }

  private static void field(StringBuilder yaml, String name, String value) {
    yaml.append(name).append(": ").append(value).append('\n');
  }
}
