package io.intermodal.containerd;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.runtime.CriException.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The texts are those of containerd 1.4.13, 1.6.20 and 2.3.4. */
class RefusalsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "an error occurred when try to find container \"f00\": not found",
        "an error occurred when try to find sandbox \"f00\": not found",
        "get container info: container \"f00\" in namespace \"k8s.io\": not found"
      })
  void what_is_not_found_is_gone(String said) {
    assertThat(Refusals.meanGone(Code.NOT_FOUND, said)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "an error occurred when try to find container \"\": Prefix can't be empty",
        "an error occurred when try to find sandbox \"9\": Multiple IDs found with provided prefix:"
            + " 99f39f755c5a"
      })
  void an_id_that_names_no_one_thing_is_not_gone(String said) {
    assertThat(Refusals.meanGone(Code.UNKNOWN, said)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "failed to get sandbox controller: not found: failed to get sandbox controller by shim",
        "failed to remove container \"f00\": get container info: container \"f00\" in namespace"
            + " \"k8s.io\": not found",
        "failed to stop container \"f00\": runc: executable file not found in $PATH",
        "not found",
        ""
      })
  void what_misses_something_else_is_not_gone(String said) {
    assertThat(Refusals.meanGone(Code.NOT_FOUND, said)).isFalse();
  }

  @Test
  void the_words_without_the_code_mean_nothing() {
    String said = "an error occurred when try to find container \"f00\": not found";
    assertThat(Refusals.meanGone(Code.UNAVAILABLE, said)).isFalse();
    assertThat(Refusals.meanGone(Code.UNKNOWN, said)).isFalse();
  }
}
