package io.intermodal.server.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.runtime.CriException;
import io.intermodal.server.handler.HandlerNames.Meaning;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandlerNamesTest {
  private final HandlerNames names =
      new HandlerNames(
          List.of("docker", "containerd"),
          Map.of("sandboxed", "containerd/runsc", "old", "docker", "elsewhere", "cri-o/kata"),
          Set.of("docker", "containerd", "cri-o", "rkt"));

  @ParameterizedTest
  @CsvSource({
    "'',                 docker,     ''",
    "docker,             docker,     ''",
    "containerd,         containerd, ''",
    "containerd/kata,    containerd, kata",
    "containerd/a/b,     containerd, a/b",
    "sandboxed,          containerd, runsc",
    "old,                docker,     ''",
    "runc,               docker,     runc",
    "io.containerd.x/y,  docker,     io.containerd.x/y",
    "Docker,             docker,     Docker",
  })
  void a_handler_means_an_engine_and_a_handler_inside_of_it(
      String handler, String engine, String inside) {
    assertThat(names.meaning(handler)).isEqualTo(new Meaning(engine, inside));
  }

  @ParameterizedTest
  @CsvSource({"rkt, rkt", "cri-o/kata, cri-o", "elsewhere, cri-o"})
  void an_engine_that_is_not_served_is_named_with_the_cure(String handler, String engine) {
    assertThatThrownBy(() -> names.meaning(handler))
        .isInstanceOfSatisfying(
            CriException.class,
            e -> assertThat(e.code()).isEqualTo(CriException.Code.INVALID_ARGUMENT))
        .hasMessage(
            "runtime handler \"%s\" means engine %s, which is not served here (served: docker, containerd): add it to --container-runtime"
                .formatted(handler, engine));
  }

  @Test
  void a_handler_of_an_engine_has_its_full_name_and_those_that_were_configured() {
    assertThat(names.namesOf("containerd", "runsc"))
        .containsExactly("containerd/runsc", "sandboxed");
    assertThat(names.namesOf("docker", "")).containsExactly("docker", "old");
  }
}
