package io.intermodal.crio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.cri.v1.CgroupDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CgroupSettingTest {
  /** As CRI-O 1.36 answers, shortened. */
  private static final String ANSWER =
      """
      [crio]
        root = "/var/lib/containers/storage"
        [crio.api]
          listen = "/var/run/crio/crio.sock"
        [crio.runtime]
          seccomp_profile = ""
          cgroup_manager = "%s"
          [crio.runtime.runtimes]
            [crio.runtime.runtimes.runc]
              runtime_path = "/usr/sbin/runc"
              monitor_env = ["PATH=/usr/sbin:/usr/bin"]
      """;

  @TempDir Path folder;

  @Test
  void in_force_is_what_the_answer_says() throws IOException {
    assertThat(CgroupSetting.inForce(ANSWER.formatted("cgroupfs")))
        .isEqualTo(CgroupDriver.CGROUPFS);
    assertThat(CgroupSetting.inForce(ANSWER.formatted("systemd"))).isEqualTo(CgroupDriver.SYSTEMD);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "cgroup_manager = \"cgroupfs\"",
        "[crio.runtime]\ncgroup_manager = \"vendor\"",
        "[crio.runtime]\ncgroup_manager = true",
        "<html>"
      })
  void an_answer_that_does_not_say_is_no_answer(String answer) {
    assertThatThrownBy(() -> CgroupSetting.inForce(answer)).isInstanceOf(IOException.class);
  }

  @Test
  void without_files_it_is_systemd() throws IOException {
    assertThat(configured()).isEqualTo(CgroupDriver.SYSTEMD);
    main("[crio.runtime]\nconmon_cgroup = \"system.slice\"\n");
    assertThat(configured()).isEqualTo(CgroupDriver.SYSTEMD);
  }

  @Test
  void the_main_file_sets_it() throws IOException {
    main("[crio.runtime]\ncgroup_manager = \"cgroupfs\"\n");
    assertThat(configured()).isEqualTo(CgroupDriver.CGROUPFS);
  }

  @Test
  void files_of_the_folder_come_after_it_and_by_name() throws IOException {
    main("[crio.runtime]\ncgroup_manager = \"systemd\"\n");
    dropIn("02-cgroup.conf", "[crio.runtime]\ncgroup_manager = \"cgroupfs\"\n");
    assertThat(configured()).isEqualTo(CgroupDriver.CGROUPFS);
    dropIn("10-crio.conf", "[crio.runtime]\ncgroup_manager = \"systemd\"\n");
    dropIn("20-network.conf", "[crio.network]\nnetwork_dir = \"/etc/cni/net.d\"\n");
    assertThat(configured()).isEqualTo(CgroupDriver.SYSTEMD);
  }

  @Test
  void files_count_whatever_their_names_are() throws IOException {
    dropIn("10.toml", "[crio.runtime]\ncgroup_manager = \"cgroupfs\"\n");
    assertThat(configured()).isEqualTo(CgroupDriver.CGROUPFS);
  }

  @Test
  void a_broken_file_is_named_with_the_line() throws IOException {
    main("\n[crio.runtime\n");
    assertThatThrownBy(this::configured)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(folder.resolve("crio.conf") + " is no TOML")
        .hasMessageContaining("line 2");
  }

  @Test
  void a_value_that_cri_o_does_not_know_is_named() throws IOException {
    main("[crio.runtime]\ncgroup_manager = \"vendor\"\n");
    assertThatThrownBy(this::configured)
        .hasMessage(
            "%s/crio.conf says cgroup_manager = \"vendor\" (expected: systemd or cgroupfs)",
            folder);
  }

  @Test
  void a_file_of_more_than_a_mebibyte_is_not_read() throws IOException {
    main("#".repeat((1 << 20) + 1));
    assertThatThrownBy(this::configured).hasMessageContaining("longer than 1048576 bytes");
  }

  private CgroupDriver configured() throws IOException {
    return CgroupSetting.configured(folder.resolve("crio.conf"), folder.resolve("crio.conf.d"));
  }

  private void main(String content) throws IOException {
    Files.writeString(folder.resolve("crio.conf"), content);
  }

  private void dropIn(String name, String content) throws IOException {
    Files.createDirectories(folder.resolve("crio.conf.d"));
    Files.writeString(folder.resolve("crio.conf.d").resolve(name), content);
  }
}
