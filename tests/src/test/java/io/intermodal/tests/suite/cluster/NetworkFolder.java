package io.intermodal.tests.suite.cluster;

import io.intermodal.cri.v1.PortMapping;
import io.intermodal.cri.v1.RuntimeCondition;
import io.intermodal.cri.v1.StatusRequest;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.CniNetwork;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;

/**
 * A node's folder of networks, whose files are exchanged.
 *
 * @param cri a session with the node
 * @param path the folder
 */
record NetworkFolder(Cri cri, Path path) {
  private static final Duration SOON = Duration.ofSeconds(30);

  /** Writes a file at once, whole, over another one if there is one. */
  void write(String name, String text) throws IOException {
    Path written = Files.writeString(path.resolve(name + ".new"), text);
    Files.move(written, path.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  /** A pod on the network: an engine looks into the folder when it likes to. */
  Pod nextOn(CniNetwork network) {
    // Where one can see it, that saves pods which containerd could not take off their network.
    Await.until("the network is " + network.name(), SOON, () -> mayBeLoaded(network));
    return Await.value(
        "a pod on " + network.name(),
        SOON,
        () -> {
          Pod pod = podWithPort();
          if (network.has(pod.ip())) {
            return Optional.of(pod);
          }
          remove(pod);
          return Optional.empty();
        });
  }

  /** Whether it is in the list that containerd tells, if there is such a list. */
  private boolean mayBeLoaded(CniNetwork network) {
    String name = "\"Name\":\"%s\"".formatted(network.name());
    return cri.runtime()
        .status(StatusRequest.newBuilder().setVerbose(true).build())
        .getInfoOrDefault("cniconfig", name)
        .contains(name);
  }

  Pod podWithPort() {
    return cri.runPod(config ->
        config.addPortMappings(
            PortMapping.newBuilder().setHostPort(Ports.free()).setContainerPort(80)));
  }

  static void remove(Pod pod) {
    pod.stop();
    pod.remove();
  }

  /** Waits until Status says that the network is ready, or not, and returns what it says of it. */
  String awaitReady(boolean wished) {
    return Await.value(
        "the network is " + (wished ? "ready" : "not ready"),
        SOON,
        () ->
            Optional.of(condition())
                .filter(condition -> condition.getStatus() == wished)
                .map(RuntimeCondition::getMessage));
  }

  private RuntimeCondition condition() {
    return cri
        .runtime()
        .status(StatusRequest.getDefaultInstance())
        .getStatus()
        .getConditionsList()
        .stream()
        .filter(condition -> condition.getType().equals("NetworkReady"))
        .findFirst()
        .orElseThrow();
  }
}
