package io.intermodal.crio.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.runtime.setup.Registry;
import io.intermodal.runtime.setup.SetupException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RegistriesConfTest {
  private static final String OURS = "/etc/containers/registries.conf.d/50-intermodal.conf";

  private static final Registry HUB =
      new Registry(
          "docker.io",
          List.of(
              URI.create("https://cache.example.com/v2/hub/"),
              URI.create("http://10.0.0.1:5000"),
              URI.create("https://r.example.com:5000")),
          false,
          Optional.empty());

  private static final Registry INSECURE =
      new Registry("r.example.com:5000", List.of(), true, Optional.empty());

  private static final Registry VOUCHED =
      new Registry("s.example.com", List.of(), false, Optional.of(Path.of("/etc/ssl/ours.pem")));

  @Test
  void mirrors_are_asked_in_order_and_plain_ones_are_insecure() throws SetupException {
    MadeUpNode node = new MadeUpNode().wishRegistries(HUB, INSECURE);
    node.applied();
    assertThat(node.content(OURS))
        .isEqualTo(
            """
            # Written by Intermodal: how images are got.

            [[registry]]
            location = "docker.io"

            [[registry.mirror]]
            location = "cache.example.com/hub"

            [[registry.mirror]]
            location = "10.0.0.1:5000"
            insecure = true

            [[registry.mirror]]
            location = "r.example.com:5000"
            insecure = true

            [[registry]]
            location = "r.example.com:5000"
            insecure = true
            """);
  }

  @Test
  void an_authority_is_laid_beside_those_that_are_there() throws SetupException {
    MadeUpNode node = new MadeUpNode().file("/etc/ssl/ours.pem", "PEM\n").wishRegistries(VOUCHED);
    node.applied();
    assertThat(node.content("/etc/containers/certs.d/s.example.com/intermodal.crt"))
        .isEqualTo("PEM\n");
  }

  @Test
  void an_authority_that_is_not_there_is_refused() {
    assertThatThrownBy(() -> new MadeUpNode().wishRegistries(VOUCHED).plan())
        .isInstanceOf(SetupException.class)
        .hasMessageContaining("there is no /etc/ssl/ours.pem");
  }

  @Test
  void another_description_of_the_registry_is_refused_by_name() {
    MadeUpNode node =
        new MadeUpNode()
            .file(
                "/etc/containers/registries.conf.d/10.conf",
                "[[registry]]\nprefix = \"docker.io\"\nlocation = \"hub.example.com\"\n")
            .wishRegistries(HUB);
    assertThatThrownBy(node::plan)
        .isInstanceOf(SetupException.class)
        .hasMessageContaining(
            "/etc/containers/registries.conf.d/10.conf describes docker.io otherwise");
  }

  @Test
  void the_same_description_and_those_of_other_registries_may_stay() throws SetupException {
    MadeUpNode node =
        new MadeUpNode()
            .file(
                "/etc/containers/registries.conf",
                """
                unqualified-search-registries = ["docker.io"]
                [[registry]]
                insecure = true
                location = "r.example.com:5000"
                [[registry]]
                location = "quay.io"
                blocked = true
                """)
            .file(
                "/etc/containers/registries.conf.d/10.conf.off",
                "[[registry]]\nlocation = \"r.example.com:5000\"\nblocked = true\n")
            .wishRegistries(INSECURE);
    node.applied();
    assertThat(node.content(OURS)).contains("location = \"r.example.com:5000\"");
  }
}
