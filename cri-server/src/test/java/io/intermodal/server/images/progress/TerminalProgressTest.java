package io.intermodal.server.images.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TerminalProgressTest {
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private final AtomicLong now = new AtomicLong();

  @Test
  void a_line_tells_bytes_of_how_many_and_is_gone_in_the_end() {
    try (TerminalProgress progress = open()) {
      progress.begin("loading a.tar", 2_000_000);
      progress.moved(500_000);
      progress.draw();
      assertThat(last()).isEqualTo("loading a.tar: 500 kB of 2.0 MB (25 %)");
    }
    assertThat(shown.toString(StandardCharsets.UTF_8)).endsWith("\r\033[K");
  }

  @Test
  void where_no_number_is_known_it_tells_the_bytes_or_the_time() {
    try (TerminalProgress progress = open()) {
      progress.begin("pulling app", 0);
      now.set(Duration.ofSeconds(7).toNanos());
      progress.draw();
      assertThat(last()).isEqualTo("pulling app: 7 s");

      progress.moved(12);
      progress.draw();
      assertThat(last()).isEqualTo("pulling app: 12 B");
    }
  }

  @Test
  void sizes_have_two_digits_or_three() {
    assertThat(TerminalProgress.size(0)).isEqualTo("0 B");
    assertThat(TerminalProgress.size(999)).isEqualTo("999 B");
    assertThat(TerminalProgress.size(1000)).isEqualTo("1.0 kB");
    assertThat(TerminalProgress.size(999_999)).isEqualTo("1.0 MB");
    assertThat(TerminalProgress.size(123_456_789)).isEqualTo("123 MB");
    assertThat(TerminalProgress.size(4_200_000_000L)).isEqualTo("4.2 GB");
    assertThat(TerminalProgress.size(5_000_000_000_000L)).isEqualTo("5.0 TB");
  }

  private TerminalProgress open() {
    return new TerminalProgress(new PrintStream(shown, true, StandardCharsets.UTF_8), now::get);
  }

  private String last() {
    String all = shown.toString(StandardCharsets.UTF_8);
    return all.substring(all.lastIndexOf("\r\033[K") + "\r\033[K".length());
  }
}
