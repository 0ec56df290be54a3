package io.intermodal.server.setup.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.runtime.setup.WantedFile;
import io.intermodal.server.network.cni.PluginDirectories;
import io.intermodal.server.network.defaults.DefaultNetwork;
import io.intermodal.server.node.FileStateDirectory;
import io.intermodal.server.setup.change.WantedNode;
import io.intermodal.server.setup.change.WantedNode.AbsentFile;
import io.intermodal.server.setup.host.HostFiles;
import io.intermodal.server.setup.host.Programs;
import io.intermodal.server.setup.journal.Entry;
import io.intermodal.server.setup.journal.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkPartTest {
  private static final Path FOLDER = Path.of("/etc/cni/net.d");
  private static final String OURS =
      """
      {"plugins": [{"type": "bridge", "ipam": {"ranges": [[{"subnet": "10.9.0.0/16"}]]}}]}
      """;

  @TempDir private Path root;
  private Path folder;
  private Journal journal;

  @BeforeEach
  void a_folder_with_our_network() throws IOException {
    folder = Files.createDirectories(root.resolve("etc/cni/net.d"));
    Files.writeString(folder.resolve(DefaultNetwork.FILE), OURS);
    journal = Journal.open(new FileStateDirectory(root.resolve("state")));
  }

  private List<String> ranges(boolean own, WantedNode.Builder wanted) throws Exception {
    return new NetworkPart(
            FOLDER,
            own,
            List.of(),
            new HostFiles(root, Programs.ofThisHost()),
            journal,
            new DefaultNetwork(new PluginDirectories(List.of())))
        .into(wanted);
  }

  @Test
  void our_own_stays_as_it_is_so_that_a_second_time_changes_nothing() throws Exception {
    WantedNode.Builder wanted = new WantedNode.Builder();

    assertThat(ranges(false, wanted)).containsExactly("10.9.0.0/16");
    assertThat(wanted.build().files()).extracting(WantedFile::content).containsExactly(OURS);
  }

  @Test
  void a_network_of_others_is_used_as_it_is() throws Exception {
    Files.writeString(folder.resolve("10-calico.conflist"), "{}");
    WantedNode.Builder wanted = new WantedNode.Builder();

    assertThat(ranges(false, wanted)).isEmpty();
    assertThat(wanted.build()).isEqualTo(WantedNode.NONE);
  }

  @Test
  void where_ours_is_asked_for_others_are_moved_aside_and_stay_so() throws Exception {
    Files.writeString(folder.resolve("10-calico.conflist"), "{}");
    Files.writeString(folder.resolve("README"), "no network");
    journal.put(
        new Entry.ChangedFile(
            FOLDER.resolve("20-moved.conf"), Optional.empty(), List.of(), Optional.empty()));
    WantedNode.Builder wanted = new WantedNode.Builder();

    assertThat(ranges(true, wanted)).containsExactly("10.9.0.0/16");
    assertThat(wanted.build().absent())
        .extracting(AbsentFile::path)
        .containsExactly(FOLDER.resolve("10-calico.conflist"), FOLDER.resolve("20-moved.conf"));
  }
}
