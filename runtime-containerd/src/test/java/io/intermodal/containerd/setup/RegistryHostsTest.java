package io.intermodal.containerd.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.runtime.setup.Registry;
import io.intermodal.runtime.setup.SetupException;
import io.intermodal.runtime.setup.WantedFile;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryHostsTest {
  private static final String CERTS = "/etc/containerd/certs.d/";

  @Test
  void mirrors_are_asked_in_order_before_the_registry_itself() throws SetupException {
    MadeUpNode node =
        node(
            "1.7.24",
            mirrored("docker.io", "https://cache.example.com/hub/", "http://10.0.0.1:5000"));
    assertThat(node.applied())
        .contains(
            """
            [plugins."io.containerd.grpc.v1.cri".registry]
              config_path = "/etc/containerd/certs.d"
            """);
    assertThat(node.content(CERTS + "docker.io/hosts.toml"))
        .isEqualTo(
            """
            # Written by Intermodal: how images of docker.io are got.
            server = "https://registry-1.docker.io"

            [host."https://cache.example.com/v2/hub"]
              capabilities = ["pull", "resolve"]
              override_path = true

            [host."http://10.0.0.1:5000"]
              capabilities = ["pull", "resolve"]
            """);
  }

  @Test
  void an_insecure_registry_is_asked_without_verifying_and_then_in_plain() throws SetupException {
    MadeUpNode node = node("2.1.9", insecure("r.example.com:5000"));
    node.applied();
    assertThat(node.content(CERTS + "r.example.com:5000/hosts.toml"))
        .isEqualTo(
            """
            # Written by Intermodal: how images of r.example.com:5000 are got.
            server = "http://r.example.com:5000"

            [host."https://r.example.com:5000"]
              capabilities = ["pull", "resolve"]
              skip_verify = true
            """);
  }

  @Test
  void an_authority_vouches_for_the_registry_and_where_it_is_a_mirror() throws SetupException {
    MadeUpNode node =
        node("2.1.9", vouched("r.example.com"), mirrored("quay.io", "https://r.example.com"))
            .file("/etc/ssl/ours.pem", "PEM");
    node.applied();
    String host =
        """

        [host."https://r.example.com"]
          capabilities = ["pull", "resolve"]
          ca = "/etc/ssl/ours.pem"
        """;
    assertThat(node.content(CERTS + "r.example.com/hosts.toml")).endsWith(host);
    assertThat(node.content(CERTS + "quay.io/hosts.toml")).endsWith(host);
  }

  @Test
  void an_authority_that_is_not_there_is_refused() {
    assertThatThrownBy(() -> node("2.1.9", vouched("r.example.com")).plan())
        .isInstanceOf(SetupException.class)
        .hasMessageContaining("there is no /etc/ssl/ours.pem")
        .hasMessageContaining("r.example.com");
  }

  @Test
  void folders_that_are_configured_already_are_kept() throws SetupException {
    MadeUpNode node =
        node("1.7.24", insecure("r:5000"))
            .config(
                """
                version = 2
                [plugins."io.containerd.grpc.v1.cri".registry]
                config_path = "/etc/ours:/etc/docker/certs.d"
                """);
    assertThat(paths(node)).contains("/etc/ours/r:5000/hosts.toml");
    node.file("/etc/docker/certs.d/r_5000_/readme", "");
    assertThat(paths(node)).contains("/etc/docker/certs.d/r_5000_/hosts.toml");
  }

  @Test
  void the_default_folders_of_later_versions_need_not_be_set() throws SetupException {
    assertThat(node("2.2.1", insecure("r:5000")).applied()).doesNotContain("config_path");
  }

  @Test
  void a_foreign_file_that_says_the_same_is_kept() throws SetupException {
    String theirs =
        """
        # by hand
        server = "http://r:5000"
        [host."https://r:5000"]
        skip_verify = true # for now
        capabilities = ["pull", "resolve"]
        """;
    MadeUpNode node = node("1.7.24", insecure("r:5000")).file(CERTS + "r:5000/hosts.toml", theirs);
    node.applied();
    assertThat(node.content(CERTS + "r:5000/hosts.toml")).isEqualTo(theirs);
  }

  @Test
  void a_foreign_file_that_says_otherwise_is_refused_and_ours_is_written_anew()
      throws SetupException {
    MadeUpNode node = node("1.7.24", mirrored("r:5000", "http://a", "http://b"));
    node.applied();
    String ours = node.content(CERTS + "r:5000/hosts.toml");
    String otherOrder = ours.replace("//a", "//c").replace("//b", "//a").replace("//c", "//b");
    node.file(CERTS + "r:5000/hosts.toml", otherOrder).applied();
    assertThat(node.content(CERTS + "r:5000/hosts.toml")).isEqualTo(ours);

    node.file(CERTS + "r:5000/hosts.toml", otherOrder.replaceFirst("#.*\n", ""));
    assertThatThrownBy(node::plan)
        .isInstanceOf(SetupException.class)
        .hasMessageContaining(CERTS + "r:5000/hosts.toml is somebody else's")
        .hasMessageContaining(ours);
  }

  @Test
  void certificates_that_would_count_no_longer_are_refused() {
    MadeUpNode node = node("1.7.24", insecure("r:5000")).file(CERTS + "r:5000/ca.crt", "PEM");
    assertThatThrownBy(node::plan)
        .isInstanceOf(SetupException.class)
        .hasMessageContaining(CERTS + "r:5000/ca.crt would count no longer");
  }

  @ParameterizedTest
  @CsvSource({"mirrors.\"docker.io\",registry.mirrors", "configs.\"r:5000\".tls,registry.configs"})
  void the_old_form_is_refused_by_name(String table, String key) {
    MadeUpNode node =
        node("1.7.24", insecure("r:5000"))
            .config(
                "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".registry.%s]\n"
                    .formatted(table));
    assertThatThrownBy(node::plan)
        .isInstanceOf(SetupException.class)
        .hasMessageContaining("line 2 of /etc/containerd/config.toml sets " + key);
  }

  @Test
  void credentials_in_the_old_form_may_stay() throws SetupException {
    MadeUpNode node =
        node("1.7.24", insecure("r:5000"))
            .config(
                """
                version = 2
                [plugins."io.containerd.grpc.v1.cri".registry.configs."r:5000".auth]
                username = "u"
                """);
    assertThat(node.applied()).contains("config_path").contains("username = \"u\"");
  }

  @Test
  void a_version_without_such_folders_is_refused() {
    assertThatThrownBy(() -> node("1.4.13", insecure("r:5000")).plan())
        .isInstanceOf(SetupException.class)
        .hasMessageContaining("containerd 1.4.13");
  }

  private static MadeUpNode node(String version, Registry... registries) {
    return MadeUpNode.withContainerd(version).wishRegistries(registries);
  }

  private static Registry insecure(String host) {
    return new Registry(host, List.of(), true, Optional.empty());
  }

  private static Registry vouched(String host) {
    return new Registry(host, List.of(), false, Optional.of(Path.of("/etc/ssl/ours.pem")));
  }

  private static Registry mirrored(String host, String... mirrors) {
    return new Registry(
        host, Stream.of(mirrors).map(URI::create).toList(), false, Optional.empty());
  }

  private static List<String> paths(MadeUpNode node) throws SetupException {
    return node.plan().files().stream().map(WantedFile::path).map(Path::toString).toList();
  }
}
