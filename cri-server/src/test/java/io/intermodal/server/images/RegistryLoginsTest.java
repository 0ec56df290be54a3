package io.intermodal.server.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.cri.v1.AuthConfig;
import io.intermodal.runtime.contract.ImageReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryLoginsTest {
  @TempDir Path folder;

  @Test
  void a_login_is_found_by_the_host_of_its_key_in_each_form_that_docker_writes()
      throws IOException {
    // reader:se:cret
    String text =
        """
        {"auths": {
          "https://index.docker.io/v1/": {"auth": "cmVhZGVyOnNlOmNyZXQ="},
          "registry.test:5000": {"username": "u", "password": "p"},
          "https://token.test": {"identitytoken": "t"},
          "helper.test": {}},
         "credsStore": "desktop"}
        """;

    assertThat(login(text, "busybox")).contains(RegistryLogins.of("reader", "se:cret"));
    assertThat(login(text, "registry.test:5000/a/b:1")).contains(RegistryLogins.of("u", "p"));
    assertThat(login(text, "token.test/a"))
        .contains(AuthConfig.newBuilder().setIdentityToken("t").build());
    assertThat(login(text, "helper.test/a")).isEmpty();
    assertThat(login(text, "registry.test/a")).isEmpty();
    assertThat(login("{}", "busybox")).isEmpty();
  }

  @Test
  void a_file_that_is_none_is_refused_without_its_content() {
    for (String text : new String[] {"secret", "[\"secret\"]", "{\"auths\":\"secret\"}"}) {
      assertThatThrownBy(() -> login(text, "busybox"))
          .hasMessageContaining("is no config.json of Docker")
          .hasMessageNotContaining("secret")
          .hasNoCause();
    }
    assertThatThrownBy(() -> login("{\"auths\":{\"docker.io\":{\"auth\":\"*secret\"}}}", "busybox"))
        .hasMessageContaining("the login for docker.io is broken")
        .hasMessageNotContaining("secret")
        .hasNoCause();
  }

  @Test
  void the_usual_file_is_where_dockers_client_has_it() {
    assertThat(RegistryLogins.usualFile(Map.of("HOME", "/home/me")))
        .hasToString("/home/me/.docker/config.json");
    assertThat(RegistryLogins.usualFile(Map.of("HOME", "/home/me", "DOCKER_CONFIG", "/etc/d")))
        .hasToString("/etc/d/config.json");
  }

  private Optional<AuthConfig> login(String text, String image) throws IOException {
    Path file = Files.writeString(folder.resolve("config.json"), text);
    return RegistryLogins.read(file).of(ImageReference.parse(image));
  }
}
