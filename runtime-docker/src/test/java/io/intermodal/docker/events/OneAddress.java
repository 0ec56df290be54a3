package io.intermodal.docker.events;

import io.intermodal.runtime.node.PodAddresses;
import io.intermodal.runtime.node.PodAttachment;
import io.intermodal.runtime.node.PodNetwork;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A network in which every pod is connected and has the same address. */
final class OneAddress implements PodNetwork {
  static final String IP = "10.1.0.2";

  @Override
  public PodAddresses attach(PodAttachment pod) {
    return new PodAddresses(IP, List.of());
  }

  @Override
  public void detach(String sandboxId) {}

  @Override
  public Optional<PodAddresses> addresses(String sandboxId) {
    return Optional.of(new PodAddresses(IP, List.of()));
  }

  @Override
  public void retainOnly(Set<String> livingSandboxIds) {}

  @Override
  public Readiness readiness() {
    return new Readiness(true, "", "");
  }

  @Override
  public void podCidr(String cidr) {}
}
