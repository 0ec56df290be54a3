package io.intermodal.crio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class ConfigRequestTest {
  private static final String HEAD =
      "HTTP/1.0 200 OK\r\nContent-Type: application/toml\r\nDate: Sat, 28 Nov 2026\r\n\r\n";

  /** So long that only a fault reaches it. */
  private static final Duration PATIENT = Duration.ofSeconds(20);

  @TempDir Path folder;

  @Test
  void the_body_is_the_answer() throws IOException {
    String toml = "[crio]\n  root = \"/größe\"\n";
    try (ScriptedSocket crio = new ScriptedSocket(socket(), ScriptedSocket.saying(HEAD, toml))) {
      assertThat(ConfigRequest.answer(socket(), PATIENT)).isEqualTo(toml);
      assertThat(crio.requests()).containsExactly("GET /config HTTP/1.0\r\nHost: crio\r\n\r\n");
    }
  }

  @Test
  void an_answer_of_many_pieces_is_read_to_its_end() throws IOException {
    String toml = "# line\n".repeat(100_000);
    try (ScriptedSocket crio = new ScriptedSocket(socket(), ScriptedSocket.saying(HEAD, toml))) {
      assertThat(ConfigRequest.answer(socket(), PATIENT)).isEqualTo(toml);
      assertThat(crio.requests()).hasSize(1);
    }
  }

  @Test
  void silence_ends_when_the_patience_does() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (ScriptedSocket silent = new ScriptedSocket(socket(), out -> await(over))) {
      assertThatThrownBy(() -> ConfigRequest.answer(socket(), Duration.ofMillis(50)))
          .isInstanceOf(IOException.class)
          .hasMessage("no answer within 50 ms");
      over.countDown();
      assertThat(silent.requests()).hasSizeLessThanOrEqualTo(1);
    }
  }

  @Test
  void drops_do_not_renew_the_patience() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (ScriptedSocket dripping =
        new ScriptedSocket(
            socket(),
            out -> {
              while (over.getCount() > 0) {
                out.write('#');
                Thread.onSpinWait();
              }
            })) {
      assertThatThrownBy(() -> ConfigRequest.answer(socket(), Duration.ofMillis(50)))
          .isInstanceOf(IOException.class)
          .hasMessage("no answer within 50 ms");
      over.countDown();
      assertThat(dripping.requests()).isNotEmpty();
    }
  }

  @Test
  void an_answer_without_end_is_cut_off() throws IOException {
    try (ScriptedSocket endless =
        new ScriptedSocket(
            socket(),
            out -> {
              byte[] block = new byte[64 * 1024];
              while (true) {
                out.write(block);
              }
            })) {
      assertThatThrownBy(() -> ConfigRequest.answer(socket(), PATIENT))
          .isInstanceOf(IOException.class)
          .hasMessage("it answered more than 1048576 bytes");
      assertThat(endless.requests()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.0 404 Not Found, it answered HTTP/1.0 404 Not Found",
    "HTTP/1.1 2000, it answered HTTP/1.1 2000",
    "SSH-2.0-server, it answered something that is not HTTP"
  })
  void another_answer_is_told(String first, String complaint) throws IOException {
    try (ScriptedSocket other =
        new ScriptedSocket(socket(), ScriptedSocket.saying(first + "\r\n\r\n", "[crio]\n"))) {
      assertThatThrownBy(() -> ConfigRequest.answer(socket(), PATIENT))
          .isInstanceOf(IOException.class)
          .hasMessage(complaint);
      assertThat(other.requests()).hasSize(1);
    }
  }

  @Test
  void one_that_hangs_up_at_once_did_not_answer() throws IOException {
    try (ScriptedSocket closing = new ScriptedSocket(socket(), out -> {})) {
      assertThatThrownBy(() -> ConfigRequest.answer(socket(), PATIENT))
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(ConnectException.class);
      assertThat(closing.requests()).isNotEmpty();
    }
  }

  @Test
  void nobody_there_is_told_apart() throws IOException {
    assertThatThrownBy(() -> ConfigRequest.answer(socket(), PATIENT))
        .isInstanceOf(ConnectException.class);
    Files.createFile(socket());
    assertThatThrownBy(() -> ConfigRequest.answer(socket(), PATIENT))
        .isInstanceOf(ConnectException.class);
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private Path socket() {
    return folder.resolve("crio.sock");
  }
}
