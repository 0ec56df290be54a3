package io.intermodal.docker.spec.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.runtime.CriException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadedProfilesTest {
  @TempDir Path folder;
  private LoadedProfiles profiles = new LoadedProfiles(Path.of("none"));

  @BeforeEach
  void kernel() throws IOException {
    Path list = folder.resolve("profiles");
    Files.writeString(list, "docker-default (enforce)\nwith a space (complain)\n");
    profiles = new LoadedProfiles(list);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "apparmor=docker-default",
        "apparmor=with a space",
        "apparmor=unconfined",
        "no-new-privileges"
      })
  void what_is_loaded_or_no_profile_passes(String option) {
    List<String> options = List.of("label=user:u", option);
    assertThat(profiles.checked(options)).isEqualTo(options);
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker", "with a", "docker-default-2"})
  void a_profile_that_is_not_loaded_is_refused_by_name(String name) {
    assertThatThrownBy(() -> profiles.checked(List.of("apparmor=" + name)))
        .isInstanceOfSatisfying(
            CriException.class,
            refusal -> assertThat(refusal.code()).isEqualTo(CriException.Code.FAILED_PRECONDITION))
        .hasMessageContaining("\"" + name + "\" is not loaded");
  }

  @Test
  void where_the_list_cannot_be_read_docker_has_the_say() {
    List<String> options = List.of("apparmor=any");
    assertThat(new LoadedProfiles(folder.resolve("missing")).checked(options)).isEqualTo(options);
  }
}
