package io.intermodal.tests.suite.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusRuntimeException;
import io.intermodal.cri.v1.PortMapping;
import io.intermodal.cri.v1.RuntimeCondition;
import io.intermodal.cri.v1.StatusRequest;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.CniNetwork;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.Engine;
import io.intermodal.tests.engine.EngineKind;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.engine.NotOnCrio;
import io.intermodal.tests.engine.OnlyTranslated;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.Command;
import io.intermodal.tests.host.PacketFilter;
import io.intermodal.tests.host.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The folder of pod networks, whose files are exchanged while pods run and no server is started
 * again. What one network does for a pod is {@code PodNetworkIT}'s; each rule of choosing one, with
 * plugins that are scripts, is in the server's {@code ReadinessTest}.
 */
@EndToEnd({
  EngineKind.TRANSLATED,
  EngineKind.FORWARDED,
  EngineKind.FORWARDED_NEWER,
  EngineKind.FORWARDED_CRIO
})
@Timeout(180)
class NetworkFilesIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final Engine engine;

  NetworkFilesIT(Engine engine) {
    this.engine = engine;
  }

  @Test
  @NotOnCrio("goes on with the network of a file that is broken now")
  void the_file_with_the_lowest_name_is_the_next_pods_network_and_a_broken_one_alone_is_none()
      throws IOException {
    try (Node node = engine.another();
        Cri cri = node.session()) {
      CniNetwork bridged = node.network();
      CniNetwork never = bridged.beside("20-higher.conflist");
      remove(nextOn(bridged, cri));

      CniNetwork linked = bridged.beside("05-lower.conflist");
      Pod pod = nextOn(linked, cri);
      assertThat(Command.output("ip", "route", "get", pod.ip())).contains(" dev veth");
      remove(pod);

      Files.delete(linked.file());
      remove(nextOn(bridged, cri));
      assertThat(never.leases()).isEmpty();

      Files.delete(never.file());
      String good = Files.readString(bridged.file());
      replace(bridged.file(), good.substring(0, good.length() / 2));
      Await.until("the network is not ready", SOON, () -> !network(cri).getStatus());
      assertThatThrownBy(cri::runPod).isInstanceOf(StatusRuntimeException.class);

      replace(bridged.file(), good);
      Await.until("the network is ready again", SOON, () -> network(cri).getStatus());
      assertThat(bridged.has(cri.runPod().ip())).isTrue();
    }
  }

  @Test
  @OnlyTranslated("takes pods off the network of now, not off their own")
  void a_pod_leaves_the_network_that_it_came_to_whatever_the_folder_says_now() throws IOException {
    try (Node node = engine.another();
        Cri cri = node.session()) {
      CniNetwork bridged = node.network();
      Pod older = withPort(cri);
      String olderAddress = older.ip();
      CniNetwork linked = bridged.beside("05-lower.conflist");
      Pod newer = nextOn(linked, cri);
      String newerAddress = newer.ip();

      older.stop();
      Files.delete(linked.file());
      newer.stop();

      assertThat(bridged.leases()).isEmpty();
      assertThat(linked.leases()).doesNotContain(newerAddress);
      PacketFilter filter = PacketFilter.ofThisHost();
      assertThat(filter.about(olderAddress)).isEmpty();
      assertThat(filter.about(newerAddress)).isEmpty();

      // A broken file is passed over, and is the answer when there is no other.
      Path broken = bridged.folder().resolve("00-broken.conflist");
      replace(broken, "{\"cniVersion\": \"1.0.0\", \"name\": ");
      remove(nextOn(bridged, cri));
      Files.delete(bridged.file());
      Await.until("the network is not ready", SOON, () -> !network(cri).getStatus());
      assertThat(network(cri).getMessage()).contains("00-broken.conflist");
      assertThatThrownBy(cri::runPod).hasMessageContaining("00-broken.conflist");
    }
  }

  /** A pod on the network: an engine looks into the folder when it likes to. */
  private static Pod nextOn(CniNetwork network, Cri cri) {
    // Where one can see it, that saves pods which containerd could not take off their network.
    Await.until("the network is " + network.name(), SOON, () -> mayBeLoaded(network, cri));
    return Await.value(
        "a pod on " + network.name(),
        SOON,
        () -> {
          Pod pod = withPort(cri);
          if (network.has(pod.ip())) {
            return Optional.of(pod);
          }
          remove(pod);
          return Optional.empty();
        });
  }

  /** Whether it is in the list that containerd tells, if there is such a list. */
  private static boolean mayBeLoaded(CniNetwork network, Cri cri) {
    String name = "\"Name\":\"%s\"".formatted(network.name());
    return cri.runtime()
        .status(StatusRequest.newBuilder().setVerbose(true).build())
        .getInfoOrDefault("cniconfig", name)
        .contains(name);
  }

  private static void remove(Pod pod) {
    pod.stop();
    pod.remove();
  }

  private static Pod withPort(Cri cri) {
    return cri.runPod(config ->
        config.addPortMappings(
            PortMapping.newBuilder().setHostPort(Ports.free()).setContainerPort(80)));
  }

  private static RuntimeCondition network(Cri cri) {
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

  private static void replace(Path file, String text) throws IOException {
    Path written = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), text);
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
