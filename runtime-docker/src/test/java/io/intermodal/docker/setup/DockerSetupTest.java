package io.intermodal.docker.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.cri.v1.CgroupDriver;
import io.intermodal.runtime.setup.EnginePlan;
import io.intermodal.runtime.setup.Finding;
import io.intermodal.runtime.setup.NodeFiles;
import io.intermodal.runtime.setup.NodeWishes;
import io.intermodal.runtime.setup.Registry;
import io.intermodal.runtime.setup.SetupException;
import io.intermodal.runtime.setup.WantedFile;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DockerSetupTest {
  private static final Path DAEMON_JSON = Path.of("/etc/docker/daemon.json");
  private static final String RIGHT =
      "{\"live-restore\": true, \"exec-opts\": [\"native.cgroupdriver=systemd\"]}";

  private final Map<Path, String> files = new HashMap<>();
  private boolean installed = true;

  private final NodeFiles node =
      new NodeFiles() {
        @Override
        public Optional<String> read(Path file) {
          return Optional.ofNullable(files.get(file));
        }

        @Override
        public List<String> names(Path folder) {
          return List.of();
        }

        @Override
        public Optional<Path> program(String name) {
          return installed ? Optional.of(Path.of("/usr/sbin", name)) : Optional.empty();
        }

        @Override
        public boolean executable(Path file) {
          return false;
        }

        @Override
        public String output(List<String> command) {
          return "";
        }
      };

  private static NodeWishes wishes(Registry... registries) {
    return new NodeWishes(
        CgroupDriver.SYSTEMD,
        Optional.empty(),
        Path.of("/etc/cni/net.d"),
        List.of(),
        List.of(registries),
        false);
  }

  private EnginePlan plan(Registry... registries) throws SetupException {
    return new DockerSetup().plan(wishes(registries), node);
  }

  private String settings(Registry... registries) throws SetupException {
    WantedFile file = plan(registries).files().getFirst();
    assertThat(file.path()).isEqualTo(DAEMON_JSON);
    return file.content();
  }

  @Test
  void a_node_without_settings_gets_those_that_pods_need() throws Exception {
    assertThat(settings())
        .isEqualTo(
            """
            {
              "exec-opts": [
                "native.cgroupdriver=systemd"
              ],
              "live-restore": true
            }
            """);
    assertThat(plan().daemon().orElseThrow().command()).containsExactly("/usr/sbin/dockerd");
  }

  @Test
  void settings_of_others_stay_in_their_order_and_indentation() throws Exception {
    files.put(
        DAEMON_JSON,
        """
        {
        \t"data-root": "/data",
        \t"exec-opts": ["native.cgroupdriver=cgroupfs", "isolation=x"],
        \t"bip": "10.0.0.1/24"
        }
        """);

    assertThat(settings())
        .isEqualTo(
            """
            {
            \t"data-root": "/data",
            \t"exec-opts": [
            \t\t"isolation=x",
            \t\t"native.cgroupdriver=systemd"
            \t],
            \t"bip": "10.0.0.1/24",
            \t"live-restore": true
            }
            """);
    assertThat(plan().files().getFirst().reason()).contains("same way", "restarted");
  }

  @Test
  void a_file_that_is_right_keeps_every_byte() throws Exception {
    files.put(DAEMON_JSON, RIGHT);

    assertThat(settings()).isEqualTo(RIGHT);
  }

  @Test
  void what_is_planned_once_is_right_the_next_time() throws Exception {
    Registry registry =
        new Registry("docker.io", List.of(URI.create("http://m:5000")), false, Optional.empty());
    files.put(DAEMON_JSON, settings(registry));

    assertThat(settings(registry)).isEqualTo(files.get(DAEMON_JSON));
  }

  @Test
  void registries_get_their_mirrors_their_certificates_and_leave_to_go_without() throws Exception {
    files.put(Path.of("/ca.pem"), "certificate");
    Registry hub =
        new Registry("docker.io", List.of(URI.create("http://m:5000")), false, Optional.empty());
    Registry own = new Registry("r:5001", List.of(), true, Optional.of(Path.of("/ca.pem")));

    EnginePlan plan = plan(hub, own);

    assertThat(plan.files().getFirst().content())
        .containsSubsequence("registry-mirrors", "http://m:5000")
        .containsSubsequence("insecure-registries", "m:5000", "r:5001");
    assertThat(plan.files())
        .anySatisfy(file -> {
          assertThat(file.path()).hasToString("/etc/docker/certs.d/r:5001/ca.crt");
          assertThat(file.content()).isEqualTo("certificate");
        });
  }

  @Test
  void what_docker_cannot_do_is_refused_by_name() {
    Registry other =
        new Registry("quay.io", List.of(URI.create("http://m:5000")), false, Optional.empty());
    assertThatThrownBy(() -> plan(other))
        .hasMessageContaining("mirrors of docker.io only, none of quay.io");

    Registry without = new Registry("r", List.of(), false, Optional.of(Path.of("/none.pem")));
    assertThatThrownBy(() -> plan(without)).hasMessageContaining("/none.pem");

    files.put(DAEMON_JSON, "{\n  \"bip\": \n}");
    assertThatThrownBy(this::plan).hasMessageContaining("/etc/docker/daemon.json:3 is no JSON");
    files.put(DAEMON_JSON, "{\"exec-opts\": \"x\"}");
    assertThatThrownBy(this::plan).hasMessageContaining("\"exec-opts\" must be a list");

    installed = false;
    assertThatThrownBy(this::plan).hasMessageContaining("apt install docker.io");
  }

  @Test
  void an_examination_finds_what_ends_pods_or_keeps_them_from_starting() {
    files.put(DAEMON_JSON, "{\"exec-opts\": [\"native.cgroupdriver=cgroupfs\"]}");
    assertThat(new DockerSetup().examine(wishes(), node))
        .extracting(Finding::severity)
        .containsExactly(Finding.Severity.BROKEN, Finding.Severity.DOUBTFUL);

    files.put(DAEMON_JSON, RIGHT);
    assertThat(new DockerSetup().examine(wishes(), node)).isEmpty();

    files.put(DAEMON_JSON, "{");
    assertThat(new DockerSetup().examine(wishes(), node))
        .singleElement()
        .satisfies(finding -> assertThat(finding.problem()).contains("daemon.json"));

    installed = false;
    assertThat(new DockerSetup().examine(wishes(), node)).isEmpty();
  }
}
