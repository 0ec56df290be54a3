package io.intermodal.crio.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.runtime.setup.Daemon;
import io.intermodal.runtime.setup.SetupException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrioSetupTest {
  @Test
  void all_that_is_wished_is_in_a_drop_in_of_ours() throws SetupException {
    assertThat(
            new MadeUpNode()
                .wishSandboxImage("pause:1")
                .wishPluginFolders("/opt/cni/bin", "/usr/lib/cni")
                .applied())
        .isEqualTo(
            """
            # Written by Intermodal: how pods are run.

            [crio.runtime]
            cgroup_manager = "cgroupfs"
            conmon_cgroup = "pod"

            [crio.image]
            pause_image = "pause:1"

            [crio.network]
            network_dir = "/etc/cni/net.d"
            plugin_dirs = ["/opt/cni/bin", "/usr/lib/cni"]
            """);
    assertThat(new MadeUpNode().wishSystemd().applied())
        .contains("cgroup_manager = \"systemd\"\n")
        .doesNotContain("pause_image");
  }

  @Test
  void files_of_others_are_no_part_of_the_plan() throws SetupException {
    MadeUpNode node =
        new MadeUpNode()
            .main("[crio.runtime]\ncgroup_manager = \"systemd\"\n")
            .dropIn("10-crio.conf", "[crio.runtime]\nconmon_cgroup = \"system.slice\"\n");
    assertThat(node.plan().files())
        .extracting(file -> file.path().toString())
        .containsExactly("/etc/crio/crio.conf.d/50-intermodal.conf");
    assertThat(node.plan().files().getFirst().reason())
        .startsWith("Kubernetes and CRI-O must use the same cgroup driver");
  }

  @ParameterizedTest
  @ValueSource(strings = {"99-theirs.conf", "50-intermodal.conf~", "sub/a", "a.conf"})
  void a_later_file_that_says_otherwise_is_refused_by_name(String name) {
    MadeUpNode node =
        new MadeUpNode().dropIn(name, "[crio.runtime]\n\ncgroup_manager = \"systemd\"\n");
    assertThatThrownBy(node::plan)
        .isInstanceOf(SetupException.class)
        .hasMessage(
            "line 3 of /etc/crio/crio.conf.d/%s says cgroup_manager = \"systemd\", which counts"
                + " more than 50-intermodal.conf: take it out there",
            name);
  }

  @Test
  void a_later_file_may_say_the_same_and_an_earlier_one_anything() throws SetupException {
    new MadeUpNode()
        .dropIn("99.conf", "[crio.network]\nplugin_dirs = [ '/opt/cni/bin' ] # ours\n")
        .dropIn("1/99.conf", "[crio.network]\nplugin_dirs = ['/else/where']\n")
        .applied();
  }

  @Test
  void a_broken_file_is_refused_with_its_line() {
    assertThatThrownBy(() -> new MadeUpNode().dropIn("10.conf", "a = 1\n[b\n").plan())
        .isInstanceOf(SetupException.class)
        .hasMessageContaining("/etc/crio/crio.conf.d/10.conf is no TOML")
        .hasMessageContaining("line 2");
  }

  @Test
  void the_plan_says_what_must_run_and_what_is_left() throws SetupException {
    assertThat(new MadeUpNode().plan().daemon())
        .contains(new Daemon("crio.service", List.of("/usr/bin/crio")));
    assertThat(new MadeUpNode().plan().leavings().paths()).isEmpty();
    assertThat(new MadeUpNode().plan().leavings().chains())
        .containsExactly("KUBE-HOSTPORTS", "KUBE-HP-", "CRIO-");
  }

  @Test
  void without_crio_the_cure_is_to_install_it() {
    assertThatThrownBy(() -> new MadeUpNode().without("crio").plan())
        .isInstanceOf(SetupException.class)
        .hasMessageContaining("install it");
  }
}
