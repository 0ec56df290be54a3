package io.intermodal.rkt;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.cri.v1.ContainerConfig;
import io.intermodal.cri.v1.ContainerMetadata;
import io.intermodal.cri.v1.ContainerState;
import io.intermodal.cri.v1.ContainerStatus;
import io.intermodal.cri.v1.ContainerStatusRequest;
import io.intermodal.cri.v1.CreateContainerRequest;
import io.intermodal.cri.v1.ImageSpec;
import io.intermodal.cri.v1.LinuxPodSandboxConfig;
import io.intermodal.cri.v1.LinuxSandboxSecurityContext;
import io.intermodal.cri.v1.NamespaceMode;
import io.intermodal.cri.v1.NamespaceOption;
import io.intermodal.cri.v1.PodSandboxConfig;
import io.intermodal.cri.v1.PodSandboxMetadata;
import io.intermodal.cri.v1.PodSandboxState;
import io.intermodal.cri.v1.PodSandboxStatusRequest;
import io.intermodal.cri.v1.RemovePodSandboxRequest;
import io.intermodal.cri.v1.RunPodSandboxRequest;
import io.intermodal.cri.v1.RuntimeCondition;
import io.intermodal.cri.v1.StartContainerRequest;
import io.intermodal.cri.v1.StatusRequest;
import io.intermodal.cri.v1.StopContainerRequest;
import io.intermodal.cri.v1.StopPodSandboxRequest;
import io.intermodal.rkt.command.StandIn;
import io.intermodal.rkt.index.TestNode;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.EngineConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A module that is connected to the stand-in, and the calls that tests make. */
abstract class ServedStandIn {
  private static final String IMAGE = "sha256:" + "a".repeat(64);

  @TempDir Path folder;
  StandIn standIn;
  private final TestNode node = new TestNode();
  SpokenWords words = new SpokenWords();
  EngineConnection.Translating rkt;

  @BeforeEach
  void connect() throws IOException {
    standIn = StandIn.in(folder.resolve("rkt"));
    standIn.image(IMAGE);
    rkt = connection();
    until(() -> trouble().isEmpty());
  }

  final EngineConnection.Translating connection() {
    return new RktConnection(standIn.rkt(), node.services(folder.resolve("work"), words));
  }

  @AfterEach
  void end() {
    rkt.close();
    standIn.end();
  }

  final String runPod() {
    return rkt.runPodSandbox(
            RunPodSandboxRequest.newBuilder().setConfig(podConfig()).build(), Call.UNBOUNDED)
        .getPodSandboxId();
  }

  final PodSandboxConfig podConfig() {
    NamespaceOption hosts =
        NamespaceOption.newBuilder()
            .setNetwork(NamespaceMode.NODE)
            .setPid(NamespaceMode.CONTAINER)
            .build();
    return PodSandboxConfig.newBuilder()
        .setMetadata(PodSandboxMetadata.newBuilder().setName("p").setNamespace("n").setUid("u"))
        .setLogDirectory(folder.resolve("logs").toString())
        .setLinux(
            LinuxPodSandboxConfig.newBuilder()
                .setSecurityContext(
                    LinuxSandboxSecurityContext.newBuilder().setNamespaceOptions(hosts)))
        .build();
  }

  final String create(String pod, String script) {
    return create(pod, config -> named(script, script, config));
  }

  final String create(String pod, UnaryOperator<ContainerConfig.Builder> change) {
    ContainerConfig.Builder config = named("c", "exit 0", ContainerConfig.newBuilder());
    return rkt.createContainer(
            CreateContainerRequest.newBuilder()
                .setPodSandboxId(pod)
                .setConfig(change.apply(config))
                .setSandboxConfig(podConfig())
                .build(),
            Call.UNBOUNDED)
        .getContainerId();
  }

  static ContainerConfig.Builder named(String name, String script, ContainerConfig.Builder config) {
    return config
        .setMetadata(ContainerMetadata.newBuilder().setName(name))
        .setImage(ImageSpec.newBuilder().setImage(IMAGE))
        .clearCommand()
        .addCommand("/bin/sh")
        .addCommand("-c")
        .addCommand(script)
        .setLogPath("0.log");
  }

  final void start(String container) {
    var _ =
        rkt.startContainer(
            StartContainerRequest.newBuilder().setContainerId(container).build(), Call.UNBOUNDED);
  }

  final void stop(String container, long seconds) {
    var _ =
        rkt.stopContainer(
            StopContainerRequest.newBuilder().setContainerId(container).setTimeout(seconds).build(),
            Call.UNBOUNDED);
  }

  final ContainerStatus status(String container) {
    return rkt.containerStatus(
            ContainerStatusRequest.newBuilder().setContainerId(container).build(), Call.UNBOUNDED)
        .getStatus();
  }

  final void awaitExit(String container) {
    until(() -> status(container).getState() == ContainerState.CONTAINER_EXITED);
  }

  final PodSandboxState stateOf(String pod) {
    return rkt.podSandboxStatus(
            PodSandboxStatusRequest.newBuilder().setPodSandboxId(pod).build(), Call.UNBOUNDED)
        .getStatus()
        .getState();
  }

  final void stopPod(String pod) {
    var _ =
        rkt.stopPodSandbox(
            StopPodSandboxRequest.newBuilder().setPodSandboxId(pod).build(), Call.UNBOUNDED);
  }

  final void removePod(String pod) {
    var _ =
        rkt.removePodSandbox(
            RemovePodSandboxRequest.newBuilder().setPodSandboxId(pod).build(), Call.UNBOUNDED);
  }

  /** Why pods cannot be run; empty when they can. */
  final Optional<String> trouble() {
    return rkt
        .status(StatusRequest.getDefaultInstance(), Call.UNBOUNDED)
        .getStatus()
        .getConditionsList()
        .stream()
        .filter(condition -> !condition.getStatus())
        .map(RuntimeCondition::getMessage)
        .findFirst();
  }

  final Stream<Path> placesOfPods() throws IOException {
    try (Stream<Path> places = Files.list(folder.resolve("work/pods"))) {
      return places.toList().stream();
    }
  }

  static void until(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(100).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("it never became true").isLessThan(deadline);
      LockSupport.parkNanos(5_000_000);
    }
  }
}
