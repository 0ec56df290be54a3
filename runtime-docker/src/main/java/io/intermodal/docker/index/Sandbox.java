package io.intermodal.docker.index;

import io.intermodal.cri.v1.ContainerState;
import io.intermodal.cri.v1.NamespaceMode;
import io.intermodal.cri.v1.PodSandbox;
import io.intermodal.cri.v1.PodSandboxAttributes;
import io.intermodal.cri.v1.PodSandboxMetadata;
import io.intermodal.cri.v1.PodSandboxNetworkStatus;
import io.intermodal.cri.v1.PodSandboxState;
import io.intermodal.cri.v1.PodSandboxStatus;
import io.intermodal.docker.spec.PodPlace;
import io.intermodal.docker.spec.reading.SandboxReading;
import io.intermodal.runtime.node.PodAddresses;
import io.intermodal.runtime.node.PodNetwork;
import java.util.Comparator;
import java.util.Optional;

/**
 * A pod sandbox: its pause container as Docker knows it.
 *
 * @param facts everything of the status that Docker knows; state and addresses are added when asked
 *     for, because they also depend on the network
 * @param running whether the pause container runs
 * @param pid its process in the host's PID namespace, 0 when it does not run
 * @param startedAt when its process started, in ns since 1970
 * @param finishedAt when the pause container ended, in ns since 1970, 0 when it has not
 * @param place what a container needs to know to join the pod
 * @param listedReady the sandbox as lists show it while it is ready
 * @param attributes the sandbox as statistics name it
 */
public record Sandbox(
    PodSandboxStatus facts,
    boolean running,
    long pid,
    long startedAt,
    long finishedAt,
    PodPlace place,
    PodSandbox listedReady,
    PodSandboxAttributes attributes) {

  /** As people expect lists to be. */
  public static final Comparator<Sandbox> NEWEST_FIRST =
      Comparator.comparingLong((Sandbox s) -> s.facts().getCreatedAt()).reversed();

  /** What lists and statistics say of it is made once: they are asked for far more often. */
  public Sandbox(
      PodSandboxStatus facts,
      boolean running,
      long pid,
      long startedAt,
      long finishedAt,
      PodPlace place) {
    this(facts, running, pid, startedAt, finishedAt, place, listedReady(facts), attributes(facts));
  }

  static Sandbox of(SandboxReading reading, String defaultRuntime) {
    return new Sandbox(
        reading.status(defaultRuntime).build(),
        reading.process().state() == ContainerState.CONTAINER_RUNNING,
        reading.process().pid(),
        reading.process().startedAt(),
        reading.process().finishedAt(),
        reading.place());
  }

  public String id() {
    return facts.getId();
  }

  public PodSandboxMetadata metadata() {
    return facts.getMetadata();
  }

  /** Whether the pod uses the host's network, so that there is nothing to connect. */
  public boolean hostNetwork() {
    return facts.getLinux().getNamespaces().getOptions().getNetwork() == NamespaceMode.NODE;
  }

  /** A pod is ready while its pause container runs and its network is connected. */
  public PodSandboxState state(PodNetwork network) {
    boolean connected = hostNetwork() || network.addresses(id()).isPresent();
    return running && connected ? PodSandboxState.SANDBOX_READY : PodSandboxState.SANDBOX_NOTREADY;
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

  /** The same sandbox when its pause container is gone: ended since then, if it had not before. */
  public Sandbox gone(long atNanos) {
    return new Sandbox(facts, false, 0, startedAt, running ? atNanos : finishedAt, place);
  }

  /** The older of two readings must not replace the newer one. */
  boolean isNewerThan(Sandbox other) {
    return !running
        && finishedAt > 0
        && other.running
        && other.facts.getCreatedAt() <= facts.getCreatedAt();
  }
}
