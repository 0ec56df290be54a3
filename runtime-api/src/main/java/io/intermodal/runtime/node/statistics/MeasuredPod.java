package io.intermodal.runtime.node.statistics;

import io.intermodal.cri.v1.PodSandboxAttributes;
import java.util.List;
import java.util.Optional;

/**
 * A pod, and where the kernel counts what it uses.
 *
 * @param attributes who it is
 * @param sandbox the cgroup of what holds the pod's namespaces open; its process tells which
 *     network namespace is the pod's
 * @param ownCgroup the cgroup that contains all of the pod and nothing else, as {@link
 *     CgroupPlace#path}; empty when there is none: the pod's use is then the sum of its parts
 * @param hostNetwork whether the pod uses the host's network, which is not counted as the pod's
 * @param startedAt when the sandbox started, in ns since 1970
 * @param containers those of its containers that run
 */
public record MeasuredPod(
    PodSandboxAttributes attributes,
    CgroupPlace sandbox,
    Optional<String> ownCgroup,
    boolean hostNetwork,
    long startedAt,
    List<MeasuredContainer> containers) {
  public MeasuredPod {
    containers = List.copyOf(containers);
  }

  public String id() {
    return attributes.getId();
  }
}
