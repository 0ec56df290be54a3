package io.intermodal.runtime.node;

import io.intermodal.cri.v1.DNSConfig;
import io.intermodal.cri.v1.PodSandboxMetadata;
import io.intermodal.cri.v1.PortMapping;
import java.util.List;
import java.util.Map;

/**
 * A pod that is to be connected.
 *
 * @param sandboxId the engine's id of the sandbox: CNI's container id
 * @param metadata name, namespace and uid of the pod
 * @param networkNamespace path of the namespace: {@code /proc/4711/ns/net}
 * @param ports ports of the host that lead to the pod; entries without a host port are ignored
 * @param dns what the pod's resolver is told, for plugins that want to know
 * @param annotations the pod's annotations: {@code kubernetes.io/ingress-bandwidth} is read here
 * @param cgroupParent the pod's cgroup, empty if none was asked for
 */
public record PodAttachment(
    String sandboxId,
    PodSandboxMetadata metadata,
    String networkNamespace,
    List<PortMapping> ports,
    DNSConfig dns,
    Map<String, String> annotations,
    String cgroupParent) {}
