package io.intermodal.crio;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.runtime.CriException.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The texts are those of CRI-O 1.16 to 1.36. */
class RefusalsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "could not find container \"f00\": container with ID starting with f00 not found: ID does"
            + " not exist",
        "could not find container \"a b\": container with ID starting with a b not found: ID does"
            + " not exist",
        "could not find container \"f00\": specified container not found: f00d",
        "could not find pod \"f00\": PodSandbox with ID starting with f00 not found: ID does not"
            + " exist",
        "specified pod sandbox not found: f00d"
      })
  void what_has_no_such_id_is_gone(String said) {
    assertThat(Refusals.meanGone(Code.NOT_FOUND, said)).isTrue();
  }

  @Test
  void the_first_versions_said_it_without_a_code() {
    assertThat(
            Refusals.meanGone(
                Code.UNKNOWN, "container with ID starting with f00 not found: ID does not exist"))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "could not find container \"\": container ID should not be empty",
        "could not find container \"9\": container with ID starting with 9 not found: Multiple IDs"
            + " found with provided prefix: 99f39f755c5a9607f0908a5646af32bd954c07ff59f337c9e",
        "could not find container \"f00\": specified container f00d is not yet created"
      })
  void an_id_that_names_no_one_thing_is_not_gone(String said) {
    assertThat(Refusals.meanGone(Code.NOT_FOUND, said)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "failed to stop container f00: runc: exec: \"runc\": executable file not found in $PATH",
        "image not found",
        "container process not found",
        "failed to delete container web in pod sandbox f00: specified container not found: f00d",
        "specified container not found: f00d, and more went wrong",
        ""
      })
  void what_misses_something_else_is_not_gone(String said) {
    assertThat(Refusals.meanGone(Code.NOT_FOUND, said)).isFalse();
    assertThat(Refusals.meanGone(Code.UNKNOWN, said)).isFalse();
  }

  @Test
  void another_code_is_about_something_else() {
    assertThat(Refusals.meanGone(Code.UNAVAILABLE, "specified container not found: f00d"))
        .isFalse();
  }
}
