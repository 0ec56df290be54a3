package io.intermodal.tests.suite.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.CniNetwork;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.Engine;
import io.intermodal.tests.engine.EngineKind;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.host.Command;
import io.intermodal.tests.host.PacketFilter;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The folder of pod networks of our own server, whose files are exchanged while pods run and nobody
 * is started again. What one network does for a pod is {@code PodNetworkIT}'s; each rule of
 * choosing one, with plugins that are scripts, is in the server's {@code ReadinessTest}; an engine
 * with a folder of its own has {@link EngineNetworkFilesIT}.
 */
@EndToEnd(EngineKind.TRANSLATED)
@Timeout(180)
class NetworkFilesIT {
  private static final String BROKEN = "00-broken.conflist";

  private final Engine engine;

  NetworkFilesIT(Engine engine) {
    this.engine = engine;
  }

  @Test
  void the_next_pod_is_on_the_lowest_good_file_and_an_older_one_leaves_the_network_it_came_to()
      throws IOException {
    try (Node node = engine.another();
        Cri cri = node.session()) {
      CniNetwork bridged = node.network();
      NetworkFolder folder = new NetworkFolder(cri, bridged.folder());
      CniNetwork never = bridged.beside("20-higher.conflist");
      Pod older = folder.nextOn(bridged);
      CniNetwork linked = bridged.beside("05-lower.conflist");
      Pod newer = folder.nextOn(linked);
      String olderAddress = older.ip();
      String newerAddress = newer.ip();
      assertThat(Command.output("ip", "route", "get", newerAddress)).contains(" dev veth");
      assertThat(PacketFilter.ofThisHost().about(newerAddress)).isNotEmpty();

      older.stop();
      Files.delete(linked.file());
      newer.stop();

      assertThat(bridged.has(olderAddress)).isFalse();
      assertThat(linked.leases()).isEmpty();
      PacketFilter filter = PacketFilter.ofThisHost();
      assertThat(filter.about(olderAddress)).isEmpty();
      assertThat(filter.about(newerAddress)).isEmpty();

      // A broken file is passed over, and is the answer when there is no other.
      String good = Files.readString(bridged.file());
      folder.write(BROKEN, good.substring(0, good.length() / 2));
      Pod last = folder.nextOn(bridged);
      assertThat(never.leases()).isEmpty();
      Files.delete(never.file());
      Files.delete(bridged.file());
      assertThat(folder.awaitReady(false)).contains(BROKEN);
      assertThatThrownBy(cri::runPod).hasMessageContaining(BROKEN);
      NetworkFolder.remove(last);
      assertThat(bridged.leases()).isEmpty();

      folder.write(BROKEN, good);
      var _ = folder.awaitReady(true);
      assertThat(bridged.has(cri.runPod().ip())).isTrue();
    }
  }
}
