package io.intermodal.server.top.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyTest {
  @Test
  void letters_that_come_together_are_told_one_by_one() {
    assertThat(keys("mq")).containsExactly(new Key.Letter('m'), new Key.Letter('q'));
  }

  @Test
  void keys_that_move_are_known_in_each_of_their_spellings() {
    assertThat(keys("\033[A\033OB\033[5~\033[6~\033[H\033[4~"))
        .containsExactly(
            Key.Move.UP,
            Key.Move.DOWN,
            Key.Move.PAGE_UP,
            Key.Move.PAGE_DOWN,
            Key.Move.HOME,
            Key.Move.END);
  }

  @Test
  void a_sequence_that_means_nothing_is_no_letters() {
    assertThat(keys("\033[15~\033[1;5Qr")).containsExactly(new Key.Letter('r'));
  }

  @Test
  void a_sequence_without_its_end_is_nothing() {
    assertThat(keys("\033")).isEmpty();
    assertThat(keys("\033[")).isEmpty();
    assertThat(keys("\033[5")).isEmpty();
  }

  private static List<Key> keys(String sent) {
    byte[] bytes = sent.getBytes(StandardCharsets.US_ASCII);
    return Key.in(bytes, bytes.length);
  }
}
