package io.intermodal.server.setup.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.runtime.setup.SetupException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class YamlFileTest {
  private static final Path PATH = Path.of("/etc/x.yaml");

  private static String with(String text, String key, String value) throws SetupException {
    return new YamlFile(PATH, text).with(key, value).text();
  }

  @Test
  void a_value_is_set_in_its_place_and_all_else_stays() throws Exception {
    String text = "# mine\nfirst: \"a b\" # why\nsecond:   old   # keep\n\nthird: [1, 2]\n";

    assertThat(with(text, "second", "unix:///new"))
        .isEqualTo(
            "# mine\nfirst: \"a b\" # why\nsecond:   unix:///new   # keep\n\nthird: [1, 2]\n");
  }

  @Test
  void a_list_is_replaced_whichever_way_it_is_written() throws Exception {
    assertThat(with("engines: [a, b] # two\nx: 1\n", "engines", "docker"))
        .isEqualTo("engines: docker # two\nx: 1\n");
    assertThat(with("engines:\n- a\n- b\nx: 1\n", "engines", "docker"))
        .isEqualTo("engines:\ndocker\nx: 1\n".replace(":\nd", ": d"));
  }

  @Test
  void a_key_that_is_not_there_is_added_at_the_end() throws Exception {
    assertThat(with("", "a", "1")).isEqualTo("a: 1\n");
    assertThat(with("x: 1", "a", "b")).isEqualTo("x: 1\na: b\n");
    assertThat(with("# only a comment\n", "a", "b")).isEqualTo("# only a comment\na: b\n");
  }

  @Test
  void a_value_that_is_right_changes_nothing() throws Exception {
    assertThat(with("a:   'b'  # as it is\n", "a", "b")).isEqualTo("a:   'b'  # as it is\n");
  }

  @Test
  void a_file_that_cannot_be_edited_is_named() {
    assertThatThrownBy(() -> with("a: [", "a", "b"))
        .isInstanceOf(SetupException.class)
        .hasMessageContaining("/etc/x.yaml is no YAML");
    assertThatThrownBy(() -> with("- a\n", "a", "b"))
        .hasMessageContaining("/etc/x.yaml is no mapping");
    assertThatThrownBy(() -> with("a: {b: c}\n", "a", "b"))
        .hasMessageContaining("/etc/x.yaml: a is no plain value");
  }
}
