package io.intermodal.server.setup.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.cri.v1.CgroupDriver;
import io.intermodal.runtime.setup.Registry;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeOptionsTest {
  @Test
  void what_is_said_of_one_registry_in_several_options_is_put_together() throws Exception {
    NodeOptions options =
        new NodeOptions(
            Map.of(
                NodeOptions.REGISTRY_MIRROR,
                List.of("docker.io=http://a:5000", "docker.io=https://b/path"),
                NodeOptions.INSECURE_REGISTRY,
                List.of("c:5000"),
                NodeOptions.REGISTRY_CA,
                List.of("c:5000=/etc/ca.pem")));

    assertThat(options.registries())
        .containsExactly(
            new Registry("c:5000", List.of(), true, Optional.of(Path.of("/etc/ca.pem"))),
            new Registry(
                "docker.io",
                List.of(URI.create("http://a:5000"), URI.create("https://b/path")),
                false,
                Optional.empty()));
  }

  @Test
  void what_is_kept_is_read_again_and_what_is_typed_now_comes_before_it() throws Exception {
    NodeOptions earlier =
        new NodeOptions(
            Map.of(
                NodeOptions.ENGINES,
                List.of("docker,containerd"),
                NodeOptions.CGROUP_DRIVER,
                List.of("systemd")));

    NodeOptions both =
        new NodeOptions(Map.of(NodeOptions.CGROUP_DRIVER, List.of("cgroupfs")))
            .over(NodeOptions.of(earlier.toJson()));

    assertThat(both.engines()).containsExactly("docker", "containerd");
    assertThat(both.cgroupDriver()).hasValue(CgroupDriver.CGROUPFS);
  }

  @Test
  void a_value_that_cannot_be_meant_is_said_with_what_is_expected() {
    assertThatThrownBy(() ->
            new NodeOptions(Map.of(NodeOptions.CGROUP_DRIVER, List.of("system"))).cgroupDriver())
        .hasMessage("--cgroup-driver: \"system\" (expected: auto, systemd or cgroupfs)");
    for (String mirror : List.of("docker.io", "docker.io=", "=http://a", "docker.io=ftp://a")) {
      assertThatThrownBy(() ->
              new NodeOptions(Map.of(NodeOptions.REGISTRY_MIRROR, List.of(mirror))).registries())
          .hasMessageStartingWith("--registry-mirror: \"" + mirror + "\" (expected: HOST=");
    }
  }
}
