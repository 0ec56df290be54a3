package io.intermodal.containerd.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.cri.v1.CgroupDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files follow those that {@code containerd config default} of the named versions prints. */
class ContainerdConfigTest {
  private static final String VERSION_1 =
      """
      [plugins]
        [plugins.cri]
          systemd_cgroup = false
          [plugins.cri.containerd]
            default_runtime_name = "runc"
            [plugins.cri.containerd.default_runtime]
              runtime_type = ""
            [plugins.cri.containerd.runtimes.runc]
              runtime_type = "io.containerd.runc.v1"
              [plugins.cri.containerd.runtimes.runc.options]
                SystemdCgroup = %s
      """;

  /** containerd 1.4, 1.6 and 1.7. */
  private static final String VERSION_2 =
      """
      version = 2
      disabled_plugins = []
      [plugins."io.containerd.grpc.v1.cri"]
        systemd_cgroup = false
        [plugins."io.containerd.grpc.v1.cri".containerd]
          default_runtime_name = "runc"
          [plugins."io.containerd.grpc.v1.cri".containerd.default_runtime]
            runtime_type = ""
            [plugins."io.containerd.grpc.v1.cri".containerd.default_runtime.options]
          [plugins."io.containerd.grpc.v1.cri".containerd.runtimes]
            [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
              runtime_type = "io.containerd.runc.v2"
              [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
                BinaryName = ""
                SystemdCgroup = %s
      """;

  /** containerd 2. */
  private static final String VERSION_3 =
      """
      version = 3
      [plugins.'io.containerd.cri.v1.images']
        snapshotter = 'overlayfs'
      [plugins.'io.containerd.cri.v1.runtime']
        [plugins.'io.containerd.cri.v1.runtime'.containerd]
          default_runtime_name = 'runc'
          [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
            runtime_type = 'io.containerd.runc.v2'
            [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
              SystemdCgroup = %s
      """;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {VERSION_1, VERSION_2, VERSION_3})
  void the_cgroup_driver_is_read_from_every_version(String file) throws IOException {
    assertThat(config(file.formatted("true")).cgroupDriver()).isEqualTo(CgroupDriver.SYSTEMD);
    assertThat(config(file.formatted("false")).cgroupDriver()).isEqualTo(CgroupDriver.CGROUPFS);
  }

  @Test
  void without_a_file_or_a_word_in_it_the_driver_is_cgroupfs() throws IOException {
    assertThat(ContainerdConfig.read(folder.resolve("missing.toml")).cgroupDriver())
        .isEqualTo(CgroupDriver.CGROUPFS);
    assertThat(config("").cgroupDriver()).isEqualTo(CgroupDriver.CGROUPFS);
    assertThat(
            config(
                    """
                    version = 2
                    [plugins."io.containerd.grpc.v1.cri".cni]
                      bin_dir = "/usr/lib/cni"
                    """)
                .cgroupDriver())
        .isEqualTo(CgroupDriver.CGROUPFS);
  }

  @Test
  void a_section_named_as_in_version_2_means_nothing_in_a_file_that_forgot_to_say_so()
      throws IOException {
    String forgotten = VERSION_2.formatted("true").replace("version = 2\n", "");
    assertThat(config(forgotten).cgroupDriver()).isEqualTo(CgroupDriver.CGROUPFS);
  }

  @Test
  void the_driver_is_that_of_the_default_runtime() throws IOException {
    ContainerdConfig config =
        config(
            """
            version = 2
            [plugins."io.containerd.grpc.v1.cri".containerd]
              default_runtime_name = "mine"
              [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.mine]
                runtime_type = "io.containerd.runc.v2"
                options = { SystemdCgroup = true }
              [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.aaa]
                runtime_type = "io.containerd.runc.v2"
                options = { SystemdCgroup = false }
            """);
    assertThat(config.cgroupDriver()).isEqualTo(CgroupDriver.SYSTEMD);
  }

  @Test
  void a_default_runtime_that_is_not_runc_leaves_it_to_the_first_that_is() throws IOException {
    ContainerdConfig config =
        config(
            """
            version = 2
            [plugins."io.containerd.grpc.v1.cri".containerd]
              default_runtime_name = "kata"
              [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.kata]
                runtime_type = "io.containerd.kata.v2"
              [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.gpu]
                runtime_type = "io.containerd.runc.v2"
                options = { SystemdCgroup = true }
              [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
                runtime_type = "io.containerd.runc.v2"
                options = { SystemdCgroup = false }
            """);
    assertThat(config.cgroupDriver()).isEqualTo(CgroupDriver.SYSTEMD);
  }

  @Test
  void a_default_runtime_described_in_place_comes_before_a_named_one() throws IOException {
    ContainerdConfig config =
        config(
            """
            [plugins.cri.containerd]
              default_runtime_name = "runc"
              [plugins.cri.containerd.default_runtime]
                runtime_type = "io.containerd.runc.v1"
                options = { SystemdCgroup = true }
              [plugins.cri.containerd.runtimes.runc]
                options = { SystemdCgroup = false }
            """);
    assertThat(config.cgroupDriver()).isEqualTo(CgroupDriver.SYSTEMD);
  }

  @ParameterizedTest
  @CsvSource({"cri,''", "io.containerd.grpc.v1.cri,version = 2"})
  void the_switch_from_before_runtimes_had_options_still_counts(String section, String version)
      throws IOException {
    ContainerdConfig config =
        config(
            """
            %s
            [plugins."%s"]
              systemd_cgroup = true
              [plugins."%s".containerd.runtimes.runc]
                runtime_type = "io.containerd.runtime.v1.linux"
            """
                .formatted(version, section, section));
    assertThat(config.cgroupDriver()).isEqualTo(CgroupDriver.SYSTEMD);
  }

  @ParameterizedTest
  @ValueSource(strings = {"systemdCgroup", "systemdcgroup"})
  void options_are_found_whatever_their_case(String name) throws IOException {
    String file = VERSION_2.formatted("true").replace("SystemdCgroup", name);
    assertThat(config(file).cgroupDriver()).isEqualTo(CgroupDriver.SYSTEMD);
  }

  @Test
  void a_value_of_another_type_sets_nothing() throws IOException {
    assertThat(config(VERSION_2.formatted("\"true\"")).cgroupDriver())
        .isEqualTo(CgroupDriver.CGROUPFS);
  }

  @Test
  void an_import_replaces_the_whole_section_up_to_version_2() throws IOException {
    write("conf.d/cni.toml", "[plugins.\"io.containerd.grpc.v1.cri\".cni]\nbin_dir = \"/cni\"\n");
    ContainerdConfig config = config(importing("conf.d/*.toml", VERSION_2.formatted("true")));
    assertThat(config.cgroupDriver()).isEqualTo(CgroupDriver.CGROUPFS);
  }

  @Test
  void an_import_adds_to_the_section_from_version_3_on() throws IOException {
    write("conf.d/cni.toml", "[plugins.'io.containerd.cri.v1.runtime'.cni]\nbin_dir = '/cni'\n");
    ContainerdConfig config = config(importing("conf.d/*.toml", VERSION_3.formatted("true")));
    assertThat(config.cgroupDriver()).isEqualTo(CgroupDriver.SYSTEMD);
  }

  @ParameterizedTest
  @ValueSource(strings = {VERSION_1, VERSION_2, VERSION_3})
  void an_import_wins_over_what_imports_it(String file) throws IOException {
    write("more/driver.toml", file.formatted("true"));
    assertThat(config(importing("more/driver.toml", file.formatted("false"))).cgroupDriver())
        .isEqualTo(CgroupDriver.SYSTEMD);
  }

  @Test
  void of_the_files_of_a_pattern_the_last_by_name_wins() throws IOException {
    write("conf.d/10.toml", VERSION_2.formatted("true"));
    write("conf.d/20.toml", VERSION_2.formatted("false"));
    write("conf.d/30.toml.disabled", VERSION_2.formatted("true"));
    assertThat(config(importing("conf.d/*.toml", "version = 2\n")).cgroupDriver())
        .isEqualTo(CgroupDriver.CGROUPFS);
  }

  @Test
  void imports_may_be_absolute_nested_and_in_a_circle() throws IOException {
    Path deep = write("a/b/deep.toml", importing("../../config.toml", VERSION_2.formatted("true")));
    write("a/first.toml", importing("b/*.toml", "version = 2\n"));
    assertThat(config(importing(folder + "/*/first.toml", "version = 2\n")).cgroupDriver())
        .as(deep.toString())
        .isEqualTo(CgroupDriver.SYSTEMD);
  }

  @Test
  void a_pattern_may_match_nothing_but_a_named_import_must_be_there() throws IOException {
    assertThat(config(importing("none.d/*.toml", VERSION_2.formatted("true"))).cgroupDriver())
        .isEqualTo(CgroupDriver.SYSTEMD);
    assertThatThrownBy(() -> config(importing("none.toml", "")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(folder.resolve("none.toml").toString());
  }

  @Test
  void a_broken_file_is_named_with_the_line() {
    assertThatThrownBy(() -> config("version = 2\n[plugins\n"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(folder.resolve("config.toml") + " is no TOML")
        .hasMessageContaining("line 2");
  }

  @Test
  void a_file_of_more_than_a_mebibyte_is_not_read() {
    assertThatThrownBy(() -> config("#".repeat((1 << 20) + 1)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("longer than 1048576 bytes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cri",
        "io.containerd.grpc.v1.cri",
        "io.containerd.cri.v1.runtime",
        "io.containerd.cri.v1.images"
      })
  void the_line_that_switches_cri_off_is_found(String plugin) throws IOException {
    ContainerdConfig config =
        config(
            """
            #   Copyright 2018-2022 Docker Inc.

            disabled_plugins = [
              "aufs", "%s"]
            """
                .formatted(plugin));
    assertThat(config.switchedOff())
        .containsExactly(
            new SwitchedOff(folder.resolve("config.toml"), 3, List.of("aufs", plugin)));
    assertThat(config.switchedOff().getFirst().criPlugins()).containsExactly(plugin);
    assertThat(config.switchedOff().getFirst().quoted())
        .isEqualTo(
            "line 3 of %s/config.toml says disabled_plugins = [\"aufs\", \"%s\"]", folder, plugin);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "disabled_plugins = []",
        "disabled_plugins = [\"io.containerd.snapshotter.v1.aufs\"]",
        "#disabled_plugins = [\"cri\"]",
        "disabled_plugins = \"cri\"",
        "[plugins.opt]\ndisabled_plugins = [\"cri\"]"
      })
  void other_lines_do_not_switch_it_off(String file) throws IOException {
    assertThat(config(file).switchedOff()).isEmpty();
  }

  @Test
  void the_lists_of_all_files_count_together() throws IOException {
    Path imported = write("off.toml", "\ndisabled_plugins = [\"cri\"]\n");
    ContainerdConfig config =
        config("imports = [\"off.toml\"]\ndisabled_plugins = [\"cri\", \"aufs\"]\n");
    assertThat(config.switchedOff())
        .containsExactly(
            new SwitchedOff(folder.resolve("config.toml"), 2, List.of("cri", "aufs")),
            new SwitchedOff(imported, 2, List.of("cri")));
  }

  private static String importing(String what, String file) {
    return "imports = [\"%s\"]\n%s".formatted(what, file);
  }

  private ContainerdConfig config(String content) throws IOException {
    return ContainerdConfig.read(write("config.toml", content));
  }

  private Path write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.resolveSibling(""));
    return Files.writeString(file, content);
  }
}
