package io.intermodal.server.top.usage;

import io.intermodal.cri.v1.PodSandbox;
import java.util.Optional;

/**
 * Which pods are shown.
 *
 * @param namespace exactly this one; empty for all
 * @param name a part of the pod's name; empty for all
 */
public record PodFilter(Optional<String> namespace, Optional<String> name) {
  boolean accepts(PodSandbox pod) {
    return namespace.map(pod.getMetadata().getNamespace()::equals).orElse(true)
        && name.map(pod.getMetadata().getName()::contains).orElse(true);
  }
}
