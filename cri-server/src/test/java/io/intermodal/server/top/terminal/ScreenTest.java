package io.intermodal.server.top.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.server.top.table.Page;
import io.intermodal.server.top.table.Page.Line;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScreenTest {
  private final List<String> writes = new ArrayList<>();
  private final PrintStream out =
      new PrintStream(
          new OutputStream() {
            @Override
            public void write(int b) {
              writes.add(Character.toString(b));
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
              writes.add(new String(bytes, from, length, StandardCharsets.UTF_8));
            }
          },
          false,
          StandardCharsets.UTF_8);

  @Test
  void a_frame_is_one_write_however_large_it_is() {
    Screen screen = open(true);

    screen.draw(
        IntStream.range(0, 500)
            .mapToObj(i -> new Line(Page.Style.PLAIN, "x".repeat(200)))
            .toList());

    assertThat(writes).hasSize(2);
  }

  @Test
  void a_frame_overwrites_the_one_before_and_clears_nothing_first() {
    open(true)
        .draw(List.of(new Line(Page.Style.HEADER, "head"), new Line(Page.Style.PLAIN, "row")));

    assertThat(writes.getLast()).isEqualTo("\033[H\033[7mhead\033[0m\033[K\r\nrow\033[K\033[J");
  }

  @Test
  void there_is_no_colour_when_none_is_wanted() {
    Screen screen = open(false);

    screen.draw(List.of(new Line(Page.Style.TROUBLE, "gone")));

    assertThat(writes.getLast()).contains("gone").doesNotContain("\033[31m");
  }

  @Test
  void closing_brings_cursor_and_first_screen_back_once_and_nothing_is_drawn_after_it() {
    Screen screen = open(true);

    screen.close();
    screen.close();
    screen.draw(List.of(new Line(Page.Style.PLAIN, "late")));

    assertThat(writes).hasSize(2);
    assertThat(writes.getLast()).contains("\033[?25h", "\033[?7h").endsWith("\033[?1049l");
  }

  @Test
  void what_was_never_opened_is_not_closed() {
    new Screen(out, true).close();

    assertThat(writes).isEmpty();
  }

  private Screen open(boolean coloured) {
    Screen screen = new Screen(out, coloured);
    screen.open();
    return screen;
  }
}
