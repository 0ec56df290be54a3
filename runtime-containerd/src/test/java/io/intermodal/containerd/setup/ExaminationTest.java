package io.intermodal.containerd.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.intermodal.runtime.setup.Finding;
import io.intermodal.runtime.setup.Finding.Severity;
import org.junit.jupiter.api.Test;

class ExaminationTest {
  private static final String CONFIG = "/etc/containerd/config.toml";

  @Test
  void nothing_is_wrong_where_containerd_is_not_installed_or_needs_nothing() {
    assertThat(MadeUpNode.withContainerd("1.7.24").without("containerd").without("runc").findings())
        .isEmpty();
    assertThat(MadeUpNode.withContainerd("1.7.24").findings()).isEmpty();
  }

  @Test
  void cri_that_is_switched_off_is_found_with_its_line() {
    assertThat(
            MadeUpNode.withContainerd("1.7.24").config("disabled_plugins = [\"cri\"]").findings())
        .containsExactly(
            new Finding(
                Severity.BROKEN,
                CONFIG,
                "line 1 of %s says disabled_plugins = [\"cri\"], so containerd serves no CRI"
                    .formatted(CONFIG),
                "take cri out of it, then systemctl restart containerd"));
  }

  @Test
  void another_cgroup_driver_is_found_with_the_line_to_write() {
    assertThat(MadeUpNode.withContainerd("1.7.24").wishSystemd().findings())
        .containsExactly(
            new Finding(
                Severity.DOUBTFUL,
                CONFIG,
                "Kubernetes and containerd must use the same cgroup driver",
                "SystemdCgroup = true below"
                    + " [plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.runc.options],"
                    + " then systemctl restart containerd"));
  }

  @Test
  void a_host_that_forbids_to_lower_oom_scores_breaks_an_unwarned_containerd() {
    assertThat(MadeUpNode.withContainerd("2.1.9").wishClampedOomScores().findings())
        .extracting(Finding::severity, Finding::mend)
        .containsExactly(
            tuple(
                Severity.BROKEN,
                "restrict_oom_score_adj = true below [plugins.\"io.containerd.cri.v1.runtime\"],"
                    + " then systemctl restart containerd"));
  }

  @Test
  void missing_programs_are_found() {
    assertThat(
            MadeUpNode.withContainerd("1.7.24")
                .without("runc")
                .without("containerd-shim-runc-v2")
                .findings())
        .extracting(Finding::subject)
        .containsExactly("runc", "containerd-shim-runc-v2");
  }

  @Test
  void a_broken_file_is_found_with_its_line_and_the_mend() {
    assertThat(MadeUpNode.withContainerd("1.7.24").config("a = 1\n[b\n").findings())
        .hasSize(1)
        .first()
        .satisfies(finding -> {
          assertThat(finding.severity()).isEqualTo(Severity.BROKEN);
          assertThat(finding.problem()).contains(CONFIG + " is no TOML").contains("line 2");
          assertThat(finding.mend()).startsWith("mend it, or move the file away");
        });
  }

  @Test
  void old_registry_keys_are_doubtful_and_with_the_new_one_broken() {
    String old =
        """
        version = 2
        [plugins."io.containerd.grpc.v1.cri".registry]
        %s
        [plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
        endpoint = ["https://mirror.example.com"]
        """;
    assertThat(MadeUpNode.withContainerd("1.4.13").config(old.formatted("")).findings())
        .as("there is nothing else yet")
        .isEmpty();
    assertThat(MadeUpNode.withContainerd("1.7.24").config(old.formatted("")).findings())
        .extracting(Finding::severity, Finding::subject)
        .containsExactly(tuple(Severity.DOUBTFUL, "line 4 of " + CONFIG));
    assertThat(
            MadeUpNode.withContainerd("1.7.24")
                .config(old.formatted("config_path = \"/etc/x\""))
                .findings())
        .extracting(Finding::severity)
        .containsExactly(Severity.BROKEN);
  }
}
