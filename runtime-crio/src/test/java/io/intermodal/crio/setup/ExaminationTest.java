package io.intermodal.crio.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.intermodal.runtime.setup.Finding;
import io.intermodal.runtime.setup.Finding.Severity;
import org.junit.jupiter.api.Test;

class ExaminationTest {
  @Test
  void nothing_is_wrong_where_crio_is_not_installed_or_needs_nothing() {
    assertThat(new MadeUpNode().without("crio").without("conmon").findings()).isEmpty();
    assertThat(new MadeUpNode().wishSystemd().findings()).isEmpty();
  }

  @Test
  void the_cgroup_driver_of_the_last_word_counts() {
    MadeUpNode node =
        new MadeUpNode()
            .main("[crio.runtime]\ncgroup_manager = \"cgroupfs\"\n")
            .dropIn("90.conf", "[crio.runtime]\ncgroup_manager = \"systemd\"\n");
    assertThat(node.findings())
        .containsExactly(
            new Finding(
                Severity.DOUBTFUL,
                "line 2 of /etc/crio/crio.conf.d/90.conf",
                "Kubernetes and CRI-O must use the same cgroup driver",
                "cgroup_manager = \"cgroupfs\" and conmon_cgroup = \"pod\" below [crio.runtime],"
                    + " then systemctl restart crio"));
  }

  @Test
  void a_slice_for_the_monitors_breaks_cgroupfs() {
    MadeUpNode node =
        new MadeUpNode()
            .main(
                """
                [crio.runtime]
                cgroup_manager = "cgroupfs"
                conmon_cgroup = "system.slice"
                """);
    assertThat(node.findings())
        .extracting(Finding::severity, Finding::subject)
        .containsExactly(tuple(Severity.BROKEN, "line 3 of /etc/crio/crio.conf"));
  }

  @Test
  void missing_programs_are_found_and_those_with_a_path_are_looked_for_there() {
    assertThat(new MadeUpNode().wishSystemd().without("crun").without("conmon").findings())
        .extracting(Finding::severity, Finding::subject)
        .containsExactly(tuple(Severity.BROKEN, "crun or runc"), tuple(Severity.BROKEN, "conmon"));
    MadeUpNode packaged =
        new MadeUpNode()
            .wishSystemd()
            .without("crun")
            .without("conmon")
            .executable("/usr/libexec/crio/crun")
            .executable("/usr/libexec/crio/conmon")
            .dropIn(
                "10-crio.conf",
                """
                [crio.runtime]
                default_runtime = "crun"
                [crio.runtime.runtimes.crun]
                runtime_path = "/usr/libexec/crio/crun"
                monitor_path = "/usr/libexec/crio/conmon"
                """);
    assertThat(packaged.findings()).isEmpty();
  }

  @Test
  void a_broken_file_is_found_with_its_line() {
    assertThat(new MadeUpNode().wishSystemd().main("a = 1\n[b\n").findings())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.severity()).isEqualTo(Severity.BROKEN);
          assertThat(finding.problem()).contains("/etc/crio/crio.conf is no TOML", "line 2");
          assertThat(finding.mend()).contains("mend that line");
        });
  }

  @Test
  void old_registry_keys_are_doubtful() {
    assertThat(
            new MadeUpNode()
                .wishSystemd()
                .main("[crio.image]\ninsecure_registries = [\"r:5000\"]\n")
                .findings())
        .extracting(Finding::severity, Finding::subject)
        .containsExactly(tuple(Severity.DOUBTFUL, "line 2 of /etc/crio/crio.conf"));
  }

  @Test
  void a_host_that_forbids_to_lower_oom_scores_is_doubtful_for_crio() {
    assertThat(new MadeUpNode().wishSystemd().wishClampedOomScores().findings())
        .extracting(Finding::severity)
        .containsExactly(Severity.DOUBTFUL);
  }
}
