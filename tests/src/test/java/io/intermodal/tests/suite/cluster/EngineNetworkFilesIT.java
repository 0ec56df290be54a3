package io.intermodal.tests.suite.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusRuntimeException;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.CniNetwork;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.Engine;
import io.intermodal.tests.engine.EngineKind;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.engine.NotOnCrio;
import io.intermodal.tests.host.Command;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The folder of pod networks of an engine that has one of its own: what a cluster may rely on
 * through us. It is less than {@link NetworkFilesIT} has: containerd takes each pod off the network
 * of now, whichever it came to, and names no file that is broken.
 */
@EndToEnd({EngineKind.FORWARDED, EngineKind.FORWARDED_NEWER, EngineKind.FORWARDED_CRIO})
@Timeout(180)
class EngineNetworkFilesIT {
  private final Engine engine;

  EngineNetworkFilesIT(Engine engine) {
    this.engine = engine;
  }

  @Test
  @NotOnCrio("goes on with the network of a file that is broken now")
  void the_file_with_the_lowest_name_is_the_next_pods_network_and_a_broken_one_alone_is_none()
      throws IOException {
    try (Node node = engine.another();
        Cri cri = node.session()) {
      CniNetwork bridged = node.network();
      NetworkFolder folder = new NetworkFolder(cri, bridged.folder());
      CniNetwork never = bridged.beside("20-higher.conflist");
      NetworkFolder.remove(folder.nextOn(bridged));

      CniNetwork linked = bridged.beside("05-lower.conflist");
      Pod pod = folder.nextOn(linked);
      assertThat(Command.output("ip", "route", "get", pod.ip())).contains(" dev veth");
      NetworkFolder.remove(pod);

      Files.delete(linked.file());
      NetworkFolder.remove(folder.nextOn(bridged));
      assertThat(never.leases()).isEmpty();

      Files.delete(never.file());
      String good = Files.readString(bridged.file());
      folder.write(bridged.fileName(), good.substring(0, good.length() / 2));
      var _ = folder.awaitReady(false);
      assertThatThrownBy(cri::runPod).isInstanceOf(StatusRuntimeException.class);

      folder.write(bridged.fileName(), good);
      var _ = folder.awaitReady(true);
      assertThat(bridged.has(cri.runPod().ip())).isTrue();
    }
  }
}
