package io.intermodal.rkt.spec.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.util.List;
import org.junit.jupiter.api.Test;

class WordsTest {
  private static final List<String> ENTRYPOINT = List.of("/entry", "-e");
  private static final List<String> COMMAND = List.of("cmd");
  private static final List<String> NONE = List.of();

  @Test
  void without_a_wish_the_image_says_it_all() {
    assertThat(Words.of(NONE, NONE, ENTRYPOINT, COMMAND).all())
        .containsExactly("/entry", "-e", "cmd");
  }

  @Test
  void arguments_replace_the_images_command_only() {
    assertThat(Words.of(NONE, List.of("a"), ENTRYPOINT, COMMAND).all())
        .containsExactly("/entry", "-e", "a");
  }

  @Test
  void a_command_replaces_both() {
    assertThat(Words.of(List.of("/x"), NONE, ENTRYPOINT, COMMAND).all()).containsExactly("/x");
    assertThat(Words.of(List.of("/x"), List.of("a"), ENTRYPOINT, COMMAND).all())
        .containsExactly("/x", "a");
  }

  @Test
  void nothing_to_run_is_refused() {
    assertThatThrownBy(() -> Words.of(NONE, NONE, NONE, NONE))
        .isInstanceOf(CriException.class)
        .extracting(e -> ((CriException) e).code())
        .isEqualTo(Code.INVALID_ARGUMENT);
  }

  @Test
  void a_percent_sign_is_doubled_in_arguments_and_not_in_the_program() {
    assertThat(new Words(List.of("/a%b", "50%", "--name=x", "\\n", "a\nb")).flags())
        .containsExactly("--exec=/a%b", "--", "50%%", "--name=x", "\\n", "a\nb", "---");
  }

  @Test
  void what_rkt_would_lose_is_refused_by_its_place() {
    assertThatThrownBy(() -> new Words(List.of("/a", "b", "")).flags())
        .isInstanceOf(CriException.class)
        .hasMessageContaining("argument 2")
        .extracting(e -> ((CriException) e).code())
        .isEqualTo(Code.UNIMPLEMENTED);
    assertThatThrownBy(() -> new Words(List.of("/a", "---")).flags())
        .isInstanceOf(CriException.class);
  }

  @Test
  void a_value_is_quoted_when_systemd_would_read_it_in_its_own_way() {
    assertThat(Variable.flag("A", "plain $x 'y' # z"))
        .isEqualTo("--environment=A=plain $x 'y' # z");
    assertThat(Variable.flag("A", "a\\b$c\"d`"))
        .isEqualTo("--environment=A=\"a\\\\b\\$c\\\"d\\`\"");
    assertThat(Variable.flag("A", "a\nb")).isEqualTo("--environment=A=\"a\nb\"");
    assertThat(Variable.flag("A", " a")).isEqualTo("--environment=A=\" a\"");
    assertThat(Variable.flag("A", "")).isEqualTo("--environment=A=");
    assertThatThrownBy(() -> Variable.flag("a.b", "")).isInstanceOf(CriException.class);
  }
}
