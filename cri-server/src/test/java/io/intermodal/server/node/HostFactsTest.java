package io.intermodal.server.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.runtime.node.Host;
import io.intermodal.runtime.node.Host.Cgroups;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostFactsTest {
  @TempDir Path root;

  @BeforeEach
  void aPlainHost() throws IOException {
    write(
        "proc/self/status", "Name:\tjava\nCapInh:\t0000000000000000\nCapEff:\t000001ffffffffff\n");
    write("proc/self/oom_score_adj", "0\n");
    Files.createDirectories(root.resolve("sys/fs/cgroup/memory"));
  }

  @Test
  void aHostWithoutSecurityModulesAndVersion1Cgroups() throws IOException {
    assertThat(find()).isEqualTo(new Host(Cgroups.V1, -1000, false, false));
  }

  @Test
  void aHybridIsVersion1() throws IOException {
    write("sys/fs/cgroup/unified/cgroup.controllers", "");
    assertThat(find().cgroups()).isEqualTo(Cgroups.V1);
  }

  @Test
  void theUnifiedHierarchyAtTheTopIsVersion2() throws IOException {
    write("sys/fs/cgroup/cgroup.controllers", "cpu memory pids\n");
    assertThat(find().cgroups()).isEqualTo(Cgroups.V2);
  }

  @ParameterizedTest
  @CsvSource({
    "000001ffffffffff, 0, -1000",
    "000001fffeffffff, 0, 0",
    "000001fffeffffff, -500, -500",
    "0000000001000000, 300, -1000",
    "0000000000000000, 300, 300",
    "ffffffffffffffff, 7, -1000",
  })
  void theLowestScoreIsOurOwnWithoutTheCapability(String capabilities, int own, int lowest)
      throws IOException {
    write("proc/self/status", "CapEff:\t" + capabilities + "\n");
    write("proc/self/oom_score_adj", own + "\n");
    assertThat(find().lowestOomScoreAdj()).isEqualTo(lowest);
  }

  @ParameterizedTest
  @CsvSource({"Y, true", "N, false"})
  void appArmorSaysSoItself(String parameter, boolean enabled) throws IOException {
    write("sys/module/apparmor/parameters/enabled", parameter + "\n");
    assertThat(find().appArmor()).isEqualTo(enabled);
  }

  @Test
  void seLinuxIsOnWhenItsFilesAreThere() throws IOException {
    Files.createDirectories(root.resolve("sys/fs/selinux"));
    assertThat(find().seLinux()).isFalse();
    write("sys/fs/selinux/enforce", "0");
    assertThat(find().seLinux()).isTrue();
  }

  @Test
  void aMissingProcIsSaid() throws IOException {
    write("proc/self/status", "Name:\tjava\n");
    assertThatThrownBy(this::find).isInstanceOf(IOException.class).hasMessageContaining("CapEff");
  }

  @Test
  void thisHostCanBeAsked() throws IOException {
    assertThat(HostFacts.ofThisHost().find().lowestOomScoreAdj()).isBetween(-1000, 1000);
  }

  private Host find() throws IOException {
    return new HostFacts(root.resolve("proc"), root.resolve("sys")).find();
  }

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
