package io.intermodal.containerd.toml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.runtime.setup.SetupException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TomlFileTest {
  private static final Path PATH = Path.of("/etc/containerd/config.toml");

  @Test
  void a_value_is_replaced_and_all_else_stays() throws SetupException {
    assertThat(
            set(
                """
                # mine
                version = 2   # the second

                [a.b]
                \tx =  false # why
                y = [ 1,
                  2 ]
                """,
                true,
                "a",
                "b",
                "x"))
        .isEqualTo(
            """
            # mine
            version = 2   # the second

            [a.b]
            \tx =  true # why
            y = [ 1,
              2 ]
            """);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'old'",
        "\"o]l#d\"",
        "'''\no'l\nd'''",
        "\"\"\"\no\"l\\\"d\"\"\"\"\"",
        "[ 'a', # ]\n [ 1 ] ]",
        "1979-05-27 07:32:00",
        "0x1F",
        "-inf"
      })
  void any_kind_of_value_can_be_replaced(String old) throws SetupException {
    String quote = old.startsWith("'") ? "'" : "\"";
    assertThat(set("[t]\nkey = " + old + " # c\nother = 1\n", "new", "t", "key"))
        .isEqualTo("[t]\nkey = " + quote + "new" + quote + " # c\nother = 1\n");
  }

  @Test
  void a_key_comes_behind_those_of_its_table_with_their_indentation() throws SetupException {
    assertThat(set("[a]\n  [a.b]\n    x = 1 # one\n    # z = 1\n\n[c]\n", 2L, "a", "b", "y"))
        .isEqualTo("[a]\n  [a.b]\n    x = 1 # one\n    y = 2\n    # z = 1\n\n[c]\n");
  }

  @Test
  void a_key_of_an_empty_table_is_indented_like_those_of_others() throws SetupException {
    assertThat(set("[a]\n[b]\nx = 1\n", 2L, "a", "y")).isEqualTo("[a]\ny = 2\n[b]\nx = 1\n");
    assertThat(set("[a]\n[b]\n\tx = 1\n", 2L, "a", "y")).isEqualTo("[a]\n\ty = 2\n[b]\n\tx = 1\n");
  }

  @Test
  void a_table_comes_behind_the_one_that_it_is_most_akin_to() throws SetupException {
    assertThat(
            set(
                """
                [plugins]

                  [plugins."io.x"]
                    a = 1
                    # b = 2

                  # the next
                  [plugins."io.y"]
                    c = 3
                """,
                "d",
                "plugins",
                "io.x",
                "cni",
                "dir"))
        .isEqualTo(
            """
            [plugins]

              [plugins."io.x"]
                a = 1
                # b = 2

                [plugins."io.x".cni]
                  dir = "d"

              # the next
              [plugins."io.y"]
                c = 3
            """);
  }

  @Test
  void a_table_is_quoted_as_its_neighbours_are() throws SetupException {
    assertThat(set("[plugins.'io.x']\n  a = 'b'\n", "d", "plugins", "io.x", "cni", "dir"))
        .isEqualTo("[plugins.'io.x']\n  a = 'b'\n[plugins.'io.x'.cni]\n  dir = 'd'\n");
  }

  @Test
  void a_table_without_kin_comes_last() throws SetupException {
    assertThat(set("version = 2", true, "plugins", "io.x", "on"))
        .isEqualTo("version = 2\n\n[plugins.\"io.x\"]\n  on = true\n");
    assertThat(set("", true, "t", "on")).isEqualTo("[t]\n  on = true\n");
  }

  @Test
  void a_key_at_the_top_comes_before_all_tables() throws SetupException {
    assertThat(set("# c\nx = 1\n# d\n[t]\ny = 2\n", 2L, "version"))
        .isEqualTo("# c\nx = 1\nversion = 2\n# d\n[t]\ny = 2\n");
    assertThat(set("# c\n[t]\n", 2L, "version")).isEqualTo("version = 2\n# c\n[t]\n");
  }

  @Test
  void lines_end_as_those_of_the_file() throws SetupException {
    assertThat(set("[a]\r\nx = 1\r\n", List.of("p", "q"), "a", "b", "y"))
        .isEqualTo("[a]\r\nx = 1\r\n[a.b]\r\ny = [\"p\", \"q\"]\r\n");
    assertThat(set("[a]\r\nx = 1", 2L, "a", "y")).isEqualTo("[a]\r\nx = 1\r\ny = 2\r\n");
  }

  @Test
  void a_dotted_or_quoted_key_is_found() throws SetupException {
    assertThat(set("plugins.\"io.x\" . 'cni'.dir = 'a'\n", "b", "plugins", "io.x", "cni", "dir"))
        .isEqualTo("plugins.\"io.x\" . 'cni'.dir = 'b'\n");
  }

  @Test
  void what_is_said_already_is_not_said_again() throws SetupException {
    String inline = "a = { b = { c = true } }\n";
    assertThat(set(inline, true, "a", "b", "c")).isEqualTo(inline);
  }

  @Test
  void a_table_of_a_list_is_not_taken_for_a_table() throws SetupException {
    String lists = "[[l]]\nx = 1\n[l.t]\nx = 1\n[[l]]\nx = 2\n";
    assertThat(set(lists, 3L, "m", "x")).isEqualTo(lists + "\n[m]\nx = 3\n");
    assertThatThrownBy(() -> set(lists, 3L, "l", "x"))
        .isInstanceOf(SetupException.class)
        .hasMessageContaining("l cannot be changed in line 1 of /etc/containerd/config.toml");
  }

  @ParameterizedTest
  @CsvSource({
    "'x = 1\n[a]\nb = { c = 1 }\n', 3, a.b, inside one line",
    "'[a]\nb.c = 1\n', 2, a.b.c, dotted keys",
    "'a = 1\n', 1, a, inside one line",
  })
  void another_form_is_refused_with_line_and_key(String text, int line, String key, String why) {
    assertThatThrownBy(() -> set(text, true, "a", "b", "new"))
        .isInstanceOf(SetupException.class)
        .hasMessageContaining("%s cannot be changed in line %d of %s", key, line, PATH)
        .hasMessageContaining(why)
        .hasMessageContaining("write it as [a.b]");
  }

  @Test
  void what_is_no_toml_is_refused_with_its_line() {
    assertThatThrownBy(() -> TomlFile.of(PATH, "a = 1\nb\n"))
        .isInstanceOf(SetupException.class)
        .hasMessageContaining(PATH + " is no TOML")
        .hasMessageContaining("line 2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "l = [\"cri\"] # c|l = [] # c",
        "l = [\"cri\", \"a\"]|l = [\"a\"]",
        "l = [\"a\", \"cri\"]|l = [\"a\"]",
        "l = [ \"a\" , \"cri\" , \"b\" ]|l = [ \"a\" , \"b\" ]",
        "l = [\"cri\", \"a\", 'cri']|l = [\"a\"]",
        "'l = [\n  \"cri\", # off\n  \"a\",\n]'|'l = [\n  # off\n  \"a\",\n]'",
        "'l = [\n  \"a\",\n  \"cri\",\n]'|'l = [\n  \"a\",\n]'",
        "'l = [\n  \"a\", # one\n  \"cri\"\n]'|'l = [\n  \"a\", # one\n]'",
      })
  void a_string_is_taken_out_of_a_list(String before, String after) throws SetupException {
    assertThat(
            TomlFile.of(PATH, before + "\nx = 1\n")
                .without(List.of("l"), Set.of((Object) "cri")::contains)
                .text())
        .isEqualTo(after + "\nx = 1\n");
  }

  @Test
  void a_list_without_it_stays() throws SetupException {
    TomlFile file = TomlFile.of(PATH, "l = [\"a\"]\nm = \"cri\"\n");
    assertThat(file.without(List.of("l"), "cri"::equals)).isSameAs(file);
    assertThat(file.without(List.of("m"), "cri"::equals)).isSameAs(file);
    assertThat(file.without(List.of("n"), "cri"::equals)).isSameAs(file);
  }

  @Test
  void names_come_in_the_order_of_the_file() throws SetupException {
    assertThat(TomlFile.of(PATH, "[h.z]\n[h.a]\n[h.m]\n").names(List.of("h")))
        .containsExactly("z", "a", "m");
  }

  private static String set(String text, Object value, String... key) throws SetupException {
    return TomlFile.of(PATH, text).with(List.of(key), value).text();
  }
}
