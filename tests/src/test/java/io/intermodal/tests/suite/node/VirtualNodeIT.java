package io.intermodal.tests.suite.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.tests.host.Command.Outcome;
import io.intermodal.tests.virtual.OnVirtualNode;
import io.intermodal.tests.virtual.ServedNode;
import io.intermodal.tests.virtual.VirtualNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The virtual node is what the other suites here take it for. */
@OnVirtualNode
class VirtualNodeIT {
  private static final String EVERY_CAPABILITY = "000001ffffffffff";

  private final VirtualNode node;

  VirtualNodeIT(ServedNode served) {
    this.node = served.machine();
  }

  @Test
  void it_has_systemd_cgroup_v2_apparmor_and_every_capability() {
    assertThat(node.output("cat /proc/1/comm")).isEqualTo("systemd");
    assertThat(node.output("stat --file-system --format %T /sys/fs/cgroup")).isEqualTo("cgroup2fs");
    assertThat(node.output("cat /sys/fs/cgroup/cgroup.controllers"))
        .contains("cpuset", "cpu", "io", "memory", "hugetlb", "pids");
    assertThat(node.output("cat /sys/module/apparmor/parameters/enabled")).isEqualTo("Y");
    assertThat(node.output("awk '/^CapEff/ { print $2 }' /proc/self/status"))
        .isEqualTo(EVERY_CAPABILITY);
    assertThat(node.output("docker info --format '{{.CgroupDriver}} {{.CgroupVersion}}'"))
        .isEqualTo("systemd 2");
  }

  @Test
  void a_command_has_an_exit_code_and_an_output_and_a_deadline() {
    Outcome outcome = node.run("echo one; echo two >&2; exit 3");

    assertThat(outcome.exitCode()).isEqualTo(3);
    assertThat(outcome.output().lines()).containsExactlyInAnyOrder("one", "two");
    assertThatThrownBy(() -> node.run("sleep 600", Duration.ofSeconds(5)))
        .hasMessageContaining("did not end within PT5S");
  }

  @Test
  void a_folder_goes_in_and_comes_out(@TempDir Path sent, @TempDir Path fetched)
      throws IOException {
    Files.writeString(Files.createDirectory(sent.resolve("sub")).resolve("file"), "content");

    node.send(sent, "/tmp/sent");

    assertThat(node.output("cat /tmp/sent/sub/file")).isEqualTo("content");
    var _ = node.output("cp -r /tmp/sent /tmp/back && echo more >> /tmp/back/sub/file");
    node.fetch("/tmp/back", fetched);
    assertThat(fetched.resolve("sub/file")).hasContent("contentmore");
    assertThatThrownBy(() -> node.fetch("/tmp/missing", fetched))
        .hasMessageContaining("/tmp/missing");
  }
}
