package io.intermodal.rkt.index;

import io.intermodal.cri.v1.NamespaceMode;
import io.intermodal.cri.v1.PodSandbox;
import io.intermodal.cri.v1.PodSandboxAttributes;
import io.intermodal.cri.v1.PodSandboxMetadata;
import io.intermodal.cri.v1.PodSandboxNetworkStatus;
import io.intermodal.cri.v1.PodSandboxState;
import io.intermodal.cri.v1.PodSandboxStatus;
import io.intermodal.rkt.pod.PodProcess;
import io.intermodal.runtime.node.PodAddresses;
import io.intermodal.runtime.node.PodNetwork;
import java.util.Comparator;
import java.util.Optional;

/**
 * A pod sandbox: a pod of rkt that is ours.
 *
 * @param facts everything of the status that does not change; state and addresses are added when
 *     asked for, because they also depend on the network
 * @param place the name of its network namespace and of its folder, which it has before rkt gives
 *     it an id
 * @param process its processes; empty when it does not run
 * @param finishedAt when it ended, in ns since 1970, 0 when it has not
 * @param listedReady the sandbox as lists show it while it is ready
 * @param attributes the sandbox as statistics name it
 */
public record Sandbox(
    PodSandboxStatus facts,
    String place,
    Optional<PodProcess> process,
    long finishedAt,
    PodSandbox listedReady,
    PodSandboxAttributes attributes) {

  /** As people expect lists to be. */
  public static final Comparator<Sandbox> NEWEST_FIRST =
      Comparator.comparingLong((Sandbox s) -> s.facts().getCreatedAt()).reversed();

  /** What lists and statistics say of it is made once: they are asked for far more often. */
  public Sandbox(
      PodSandboxStatus facts, String place, Optional<PodProcess> process, long finishedAt) {
    this(facts, place, process, finishedAt, listedReady(facts), attributes(facts));
  }

  public String id() {
    return facts.getId();
  }

  public PodSandboxMetadata metadata() {
    return facts.getMetadata();
  }

  public boolean running() {
    return process.isPresent();
  }

  /** Whether the pod uses the host's network, so that there is nothing to connect. */
  public boolean hostNetwork() {
    return facts.getLinux().getNamespaces().getOptions().getNetwork() == NamespaceMode.NODE;
  }

  /** A pod is ready while it runs and its network is connected. */
  public PodSandboxState state(PodNetwork network) {
    boolean connected = hostNetwork() || network.addresses(id()).isPresent();
    return running() && connected
        ? PodSandboxState.SANDBOX_READY
        : PodSandboxState.SANDBOX_NOTREADY;
  }

  /** The sandbox as lists show it. */
  public PodSandbox listed(PodNetwork network) {
    PodSandboxState state = state(network);
    return state == listedReady.getState()
        ? listedReady
        : listedReady.toBuilder().setState(state).build();
  }

  private static PodSandbox listedReady(PodSandboxStatus facts) {
    return PodSandbox.newBuilder()
        .setId(facts.getId())
        .setMetadata(facts.getMetadata())
        .setState(PodSandboxState.SANDBOX_READY)
        .setCreatedAt(facts.getCreatedAt())
        .putAllLabels(facts.getLabelsMap())
        .putAllAnnotations(facts.getAnnotationsMap())
        .setRuntimeHandler(facts.getRuntimeHandler())
        .build();
  }

  private static PodSandboxAttributes attributes(PodSandboxStatus facts) {
    return PodSandboxAttributes.newBuilder()
        .setId(facts.getId())
        .setMetadata(facts.getMetadata())
        .putAllLabels(facts.getLabelsMap())
        .putAllAnnotations(facts.getAnnotationsMap())
        .build();
  }

  /** The whole status, with the addresses that the network handed out. */
  public PodSandboxStatus status(PodNetwork network) {
    PodSandboxNetworkStatus.Builder addresses = PodSandboxNetworkStatus.newBuilder();
    Optional<PodAddresses> handedOut = hostNetwork() ? Optional.empty() : network.addresses(id());
    handedOut.ifPresent(pod -> {
      addresses.setIp(pod.primary());
      pod.additional().forEach(ip -> addresses.addAdditionalIpsBuilder().setIp(ip));
    });
    return facts.toBuilder().setState(state(network)).setNetwork(addresses).build();
  }

  /** The same sandbox when it does not run any more: since then, if it had not ended before. */
  public Sandbox ended(long atNanos) {
    return new Sandbox(facts, place, Optional.empty(), running() ? atNanos : finishedAt);
  }
}
