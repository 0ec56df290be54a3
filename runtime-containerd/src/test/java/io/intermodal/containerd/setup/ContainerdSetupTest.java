package io.intermodal.containerd.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.runtime.setup.Daemon;
import io.intermodal.runtime.setup.Leavings;
import io.intermodal.runtime.setup.SetupException;
import io.intermodal.runtime.setup.WantedFile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerdSetupTest {
  /** Debian's. */
  private static final String DEBIAN =
      """
      version = 2

      [plugins]
        [plugins."io.containerd.grpc.v1.cri"]
          [plugins."io.containerd.grpc.v1.cri".cni]
            bin_dir = "/usr/lib/cni"
            conf_dir = "/etc/cni/net.d"
        [plugins."io.containerd.internal.v1.opt"]
          path = "/var/lib/containerd/opt"
      """;

  /** The beginning of the one in Docker's packages. */
  private static final String DOCKER =
      """
      #   Copyright 2018-2022 Docker Inc.

      #   Licensed under the Apache License, Version 2.0 (the "License");

      disabled_plugins = ["cri"]

      #root = "/var/lib/containerd"

      #[grpc]
      #  uid = 0
      """;

  @Test
  void without_a_file_a_small_one_is_written_in_the_version_that_containerd_reads()
      throws SetupException {
    assertThat(everythingWished("1.7.24").applied())
        .isEqualTo(
            """
            version = 2

            [plugins."io.containerd.grpc.v1.cri"]
              restrict_oom_score_adj = true
              sandbox_image = "pause:1"

            [plugins."io.containerd.grpc.v1.cri".cni]
              bin_dir = "/opt/cni/bin"

            [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
              runtime_type = "io.containerd.runc.v2"

            [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
              SystemdCgroup = true
            """);
    assertThat(everythingWished("v2.1.9").applied())
        .isEqualTo(
            """
            version = 3

            [plugins."io.containerd.cri.v1.runtime"]
              restrict_oom_score_adj = true

            [plugins."io.containerd.cri.v1.runtime".cni]
              bin_dirs = ["/opt/cni/bin"]

            [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
              runtime_type = "io.containerd.runc.v2"

            [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
              SystemdCgroup = true

            [plugins."io.containerd.cri.v1.images".pinned_images]
              sandbox = "pause:1"
            """);
  }

  private static MadeUpNode everythingWished(String version) {
    return MadeUpNode.withContainerd(version)
        .wishSystemd()
        .wishSandboxImage("pause:1")
        .wishClampedOomScores();
  }

  @Test
  void a_file_that_is_right_stays_as_it_is_and_is_part_of_the_plan() throws SetupException {
    MadeUpNode node =
        MadeUpNode.withContainerd("1.6.20").config(DEBIAN).wishPluginFolders("/usr/lib/cni");
    assertThat(node.plan().files())
        .containsExactly(new WantedFile(MadeUpNode.CONFIG, DEBIAN, "containerd's configuration"));
  }

  @Test
  void the_plan_says_what_must_run_and_what_is_left() throws SetupException {
    assertThat(MadeUpNode.withContainerd("1.6.20").plan().daemon())
        .contains(new Daemon("containerd.service", List.of("/usr/bin/containerd")));
    assertThat(MadeUpNode.withContainerd("1.6.20").plan().leavings()).isEqualTo(Leavings.NONE);
  }

  @Test
  void debians_file_gets_the_driver_beside_what_it_says() throws SetupException {
    MadeUpNode node =
        MadeUpNode.withContainerd("1.7.24")
            .config(DEBIAN)
            .wishPluginFolders("/usr/lib/cni")
            .wishSystemd();
    assertThat(node.plan().files().getFirst().reason())
        .isEqualTo("Kubernetes and containerd must use the same cgroup driver");
    assertThat(node.applied())
        .isEqualTo(
            """
            version = 2

            [plugins]
              [plugins."io.containerd.grpc.v1.cri"]
                [plugins."io.containerd.grpc.v1.cri".cni]
                  bin_dir = "/usr/lib/cni"
                  conf_dir = "/etc/cni/net.d"
                [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
                  runtime_type = "io.containerd.runc.v2"
                  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
                    SystemdCgroup = true
              [plugins."io.containerd.internal.v1.opt"]
                path = "/var/lib/containerd/opt"
            """);
  }

  @ParameterizedTest
  @CsvSource({"1.6.20,2", "2.1.9,3"})
  void dockers_file_no_longer_switches_cri_off(String version, int layout) throws SetupException {
    MadeUpNode node = MadeUpNode.withContainerd(version).config(DOCKER).wishPluginFolders();
    assertThat(node.applied())
        .isEqualTo(
            DOCKER.replace(
                "disabled_plugins = [\"cri\"]\n",
                "disabled_plugins = []\nversion = %d\n".formatted(layout)));
  }

  @Test
  void a_file_that_says_no_version_takes_that_of_what_it_imports() throws SetupException {
    MadeUpNode node =
        MadeUpNode.withContainerd("2.1.9")
            .config("imports = [\"/etc/cri.toml\"]\n")
            .file(
                "/etc/cri.toml",
                """
                version = 2
                [plugins."io.containerd.grpc.v1.cri".cni]
                bin_dir = "/opt/cni/bin"
                """);
    assertThat(node.applied()).isEqualTo("imports = [\"/etc/cri.toml\"]\nversion = 2\n");
  }

  @Test
  void a_file_of_version_1_is_edited_in_its_own_names() throws SetupException {
    MadeUpNode node =
        MadeUpNode.withContainerd("1.4.13")
            .config(
                """
                disabled_plugins = ["aufs", "cri"]
                [plugins.cri]
                stream_server_port = "0"
                [plugins.linux]
                shim_debug = true
                """)
            .wishSystemd();
    assertThat(node.applied())
        .isEqualTo(
            """
            disabled_plugins = ["aufs"]
            [plugins.cri]
            stream_server_port = "0"
            [plugins.cri.cni]
            bin_dir = "/opt/cni/bin"
            [plugins.cri.containerd.runtimes.runc]
            runtime_type = "io.containerd.runc.v2"
            [plugins.cri.containerd.runtimes.runc.options]
            SystemdCgroup = true
            [plugins.linux]
            shim_debug = true
            """);
  }

  @Test
  void comments_and_foreign_settings_survive_with_tabs_and_carriage_returns()
      throws SetupException {
    String before =
        """
        version = 3 # ours

        [plugins.'io.containerd.cri.v1.runtime']
        \tenable_selinux = true\t# needed
        \t[plugins.'io.containerd.cri.v1.runtime'.cni]
        \t\tbin_dir = '/old' # where from?
        \t\tconf_dir = '/elsewhere'\
        """
            .replace("\n", "\r\n");
    MadeUpNode node = MadeUpNode.withContainerd("2.1.9").config(before).wishSandboxImage("p");
    assertThat(node.applied())
        .isEqualTo(
            before.replace("'/old'", "''").replace("'/elsewhere'", "'/etc/cni/net.d'")
                + "\r\n\t\tbin_dirs = ['/opt/cni/bin']\r\n"
                + "\t[plugins.'io.containerd.cri.v1.images'.pinned_images]\r\n"
                + "\t\tsandbox = 'p'\r\n");
  }

  @Test
  void every_runtime_that_runc_runs_gets_the_driver_and_no_other() throws SetupException {
    String before =
        """
        version = 2
        [plugins."io.containerd.grpc.v1.cri".cni]
        bin_dir = "/opt/cni/bin"
        [plugins."io.containerd.grpc.v1.cri".containerd]
        default_runtime_name = "nvidia"
        [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.kata]
        runtime_type = "io.containerd.kata.v2"
        [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.nvidia]
        runtime_type = "io.containerd.runc.v2"
        [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.nvidia.options]
        BinaryName = "/usr/bin/nvidia-container-runtime"
        systemdcgroup = false
        [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
        runtime_type = "io.containerd.runc.v2"
        """;
    assertThat(MadeUpNode.withContainerd("1.7.24").config(before).wishSystemd().applied())
        .isEqualTo(
            before.replace("systemdcgroup = false", "systemdcgroup = true")
                + """
                [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
                SystemdCgroup = true
                """);
  }

  @Test
  void containerd_1_is_reminded_of_runc_where_others_are_described() throws SetupException {
    String before =
        """
        version = 2
        [plugins."io.containerd.grpc.v1.cri".cni]
        bin_dir = "/opt/cni/bin"
        [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.kata]
        runtime_type = "io.containerd.kata.v2"
        """;
    assertThat(MadeUpNode.withContainerd("1.7.24").config(before).applied())
        .isEqualTo(
            before
                + """
                [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
                runtime_type = "io.containerd.runc.v2"
                """);
    assertThat(MadeUpNode.withContainerd("2.1.9").config(before).applied()).isEqualTo(before);
  }

  @Test
  void the_driver_goes_back_to_cgroupfs_where_it_was_systemd() throws SetupException {
    String before =
        """
        version = 2
        [plugins."io.containerd.grpc.v1.cri"]
        systemd_cgroup = true
        [plugins."io.containerd.grpc.v1.cri".cni]
        bin_dir = "/opt/cni/bin"
        [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
        runtime_type = "io.containerd.runc.v2"
        options = { SystemdCgroup = false }
        """;
    assertThat(MadeUpNode.withContainerd("1.7.24").config(before).applied())
        .isEqualTo(before.replace("systemd_cgroup = true", "systemd_cgroup = false"));
  }

  @Test
  void an_inline_table_that_must_change_is_refused_by_name() {
    MadeUpNode node =
        MadeUpNode.withContainerd("1.7.24")
            .config(
                """
                version = 2
                [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
                runtime_type = "io.containerd.runc.v2"
                options = { SystemdCgroup = false }
                """)
            .wishSystemd();
    assertThatThrownBy(node::plan)
        .isInstanceOf(SetupException.class)
        .hasMessage(
            "plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.runc.options cannot be"
                + " changed in line 4 of /etc/containerd/config.toml: its table is written inside"
                + " one line: write it as"
                + " [plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.runc.options]");
  }

  @Test
  void where_one_plugin_folder_is_all_that_there_can_be_it_is_the_one_with_plugins()
      throws SetupException {
    MadeUpNode node =
        MadeUpNode.withContainerd("1.7.24")
            .executable("/usr/lib/cni/loopback")
            .wishPluginFolders("/opt/cni/bin", "/usr/lib/cni");
    assertThat(node.applied()).contains("bin_dir = \"/usr/lib/cni\"");
  }

  @Test
  void containerd_1_is_told_in_the_import_that_replaces_the_section() throws SetupException {
    String main = "imports = [\"conf.d/*.toml\"]\n" + DEBIAN;
    MadeUpNode node =
        MadeUpNode.withContainerd("1.7.24")
            .config(main)
            .file("/etc/containerd/conf.d/10-debug.toml", "[debug]\nlevel = \"debug\"\n")
            .file(
                "/etc/containerd/conf.d/99-gpu.toml",
                "[plugins.\"io.containerd.grpc.v1.cri\"]\nenable_cdi = true\n")
            .wishClampedOomScores()
            .wishPluginFolders();
    assertThat(node.applied()).isEqualTo(main);
    assertThat(node.content("/etc/containerd/conf.d/99-gpu.toml"))
        .isEqualTo(
            """
            [plugins."io.containerd.grpc.v1.cri"]
            enable_cdi = true
            restrict_oom_score_adj = true
            """);
  }

  @Test
  void containerd_2_is_told_where_the_last_word_is() throws SetupException {
    String main =
        """
        version = 3
        imports = ["more.toml"]
        [plugins."io.containerd.cri.v1.runtime".cni]
        conf_dir = "/one"
        """;
    MadeUpNode node =
        MadeUpNode.withContainerd("2.1.9")
            .config(main)
            .file(
                "/etc/containerd/more.toml",
                "version = 3\n[plugins.'io.containerd.cri.v1.runtime'.cni]\nconf_dir = '/two'\n");
    assertThat(node.applied()).isEqualTo(main + "bin_dirs = [\"/opt/cni/bin\"]\n");
    assertThat(node.content("/etc/containerd/more.toml")).endsWith("conf_dir = '/etc/cni/net.d'\n");
  }

  @Test
  void an_import_may_switch_cri_off_too() throws SetupException {
    MadeUpNode node =
        MadeUpNode.withContainerd("2.1.9")
            .config("version = 3\nimports = [\"/etc/off.toml\"]\n")
            .file("/etc/off.toml", "disabled_plugins = ['io.containerd.grpc.v1.cri']\n");
    node.applied();
    assertThat(node.content("/etc/off.toml")).isEqualTo("disabled_plugins = []\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"version = 3\n", "version = 0\n", "version = 9\n"})
  void a_version_that_the_installed_containerd_does_not_read_is_refused(String config) {
    assertThatThrownBy(() -> MadeUpNode.withContainerd("1.7.24").config(config).plan())
        .isInstanceOf(SetupException.class)
        .hasMessageContaining(
            "/etc/containerd/config.toml says %s, but containerd 1.7.24 reads versions up to 2",
            config.strip());
  }

  @Test
  void containerd_2_reads_no_cri_from_version_1() {
    assertThatThrownBy(
            () -> MadeUpNode.withContainerd("2.1.9").config("[plugins.cri]\na = 1\n").plan())
        .isInstanceOf(SetupException.class)
        .hasMessageContaining("says no version, so it is of version 1");
  }

  @Test
  void files_of_several_versions_are_refused() {
    assertThatThrownBy(() ->
            MadeUpNode.withContainerd("2.1.9")
                .config("version = 3\nimports = [\"/etc/old.toml\"]\n")
                .file("/etc/old.toml", "version = 2\n")
                .plan())
        .isInstanceOf(SetupException.class)
        .hasMessageContaining("/etc/old.toml says version = 2")
        .hasMessageContaining("is of version 3");
  }

  @Test
  void a_broken_file_is_refused_with_its_line() {
    assertThatThrownBy(() -> MadeUpNode.withContainerd("2.1.9").config("a = 1\n[b\n").plan())
        .isInstanceOf(SetupException.class)
        .hasMessageContaining("/etc/containerd/config.toml is no TOML")
        .hasMessageContaining("line 2");
  }

  @Test
  void without_containerd_the_cure_is_to_install_it() {
    assertThatThrownBy(() -> MadeUpNode.withContainerd("2.1.9").without("containerd").plan())
        .isInstanceOf(SetupException.class)
        .hasMessageContaining("install it");
  }
}
