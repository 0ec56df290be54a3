package io.intermodal.server.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.runtime.CriException;
import io.intermodal.runtime.streaming.Session;
import io.intermodal.runtime.streaming.SessionStreams;
import io.intermodal.runtime.streaming.WantedStreams;
import io.intermodal.server.transport.Transport;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Over real sockets, with sessions from a script. SPDY has its suites with real engines. */
class HttpStreamingServerTest {
  private static final WantedStreams ALL = new WantedStreams(true, true, true, false);

  /** Repeats what it is told on both outputs, then ends with the number that it was told last. */
  private static final Session ECHO =
      client -> {
        try {
          byte[] told = client.stdin().readAllBytes();
          client.stdout().write(told);
          client.stderr().write(told);
          return told.length;
        } catch (IOException e) {
          throw new CriException(CriException.Code.UNKNOWN, "echo", e);
        }
      };

  /** A session that waits for input, and sees when its client goes. */
  private static final class Witness implements Session {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch gone = new CountDownLatch(1);
    private volatile boolean ended;

    void watch(SessionStreams client) {
      client.onGone(gone::countDown);
      begun.countDown();
    }

    @Override
    public int attend(SessionStreams client) {
      watch(client);
      try {
        return client.stdin().read();
      } catch (IOException e) {
        return 1;
      } finally {
        ended = true;
      }
    }

    boolean hasEnded() {
      return ended;
    }

    void awaitBegin() throws InterruptedException {
      assertThat(begun.await(10, TimeUnit.SECONDS)).as("the session has begun").isTrue();
    }

    void awaitGone() throws InterruptedException {
      assertThat(gone.await(10, TimeUnit.SECONDS)).as("the client has gone").isTrue();
    }
  }

  private final Transport transport = Transport.best();
  private HttpStreamingServer server = start("127.0.0.1:0");

  @AfterEach
  void stop() {
    server.close();
    transport.close();
  }

  @Test
  void a_url_is_absolute_and_leads_to_loopback_also_when_everybody_may_come() {
    server.close();
    server = start("0.0.0.0:0");

    assertThat(server.attach(ALL, ECHO)).matches("http://127\\.0\\.0\\.1:\\d+/attach/[\\w-]{43}");
    assertThat(server.portForward("pod", List.of(), () -> ""))
        .matches("http://127\\.0\\.0\\.1:\\d+/portforward/[\\w-]{43}");
  }

  @Test
  void an_address_that_is_taken_is_an_error_that_names_it() {
    String taken = URI.create(server.exec(ALL, ECHO)).getAuthority();

    assertThatThrownBy(() -> start(taken)).hasMessageContaining(taken);
  }

  @Test
  void a_session_over_a_web_socket_carries_everything_and_its_exit_code() {
    try (WebSocketClient client =
        WebSocketClient.connect(server.exec(ALL, ECHO), "v5.channel.k8s.io")) {
      client.send(0, "abc".getBytes(StandardCharsets.UTF_8));
      client.send(255, new byte[] {0});

      assertThat(client.received(1)).isEqualTo("abc");
      assertThat(client.received(2)).isEqualTo("abc");
      assertThat(client.received(3)).contains("\"message\":\"3\"");
      assertThat(client.closeCode()).isEqualTo(1000);
    }
  }

  @Test
  void text_clients_are_spoken_to_in_base64() {
    Session hello =
        client -> {
          try {
            client.stdout().write("hello".getBytes(StandardCharsets.UTF_8));
            return 0;
          } catch (IOException e) {
            throw new CriException(CriException.Code.UNKNOWN, "hello", e);
          }
        };
    try (WebSocketClient client =
        WebSocketClient.connect(server.exec(ALL, hello), "v4.base64.channel.k8s.io")) {
      assertThat(
              new String(
                  Base64.getDecoder().decode(client.receivedText('1')), StandardCharsets.UTF_8))
          .isEqualTo("hello");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"v4.channel.k8s.io", "v5.channel.k8s.io"})
  void a_session_that_fails_tells_its_client_why(String protocol) {
    Session failing =
        client -> {
          throw CriException.failedPrecondition("container c1 is not running");
        };
    try (WebSocketClient client = WebSocketClient.connect(server.exec(ALL, failing), protocol)) {
      assertThat(client.received(3)).contains("Failure").contains("container c1 is not running");
    }
  }

  @Test
  void a_session_learns_that_its_client_has_gone() throws InterruptedException {
    Witness witness = new Witness();
    WebSocketClient client =
        WebSocketClient.connect(server.exec(ALL, witness), "v4.channel.k8s.io");
    witness.awaitBegin();
    client.vanish();

    witness.awaitGone();
  }

  @Test
  void a_session_learns_it_too_when_its_client_had_sent_more_than_is_read()
      throws InterruptedException {
    Witness witness = new Witness();
    Session deaf =
        streams -> {
          witness.watch(streams);
          try {
            witness.awaitGone();
            return 0;
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
          }
        };
    WebSocketClient client = WebSocketClient.connect(server.exec(ALL, deaf), "v4.channel.k8s.io");
    witness.awaitBegin();
    for (int i = 0; i < 16; i++) {
      client.send(0, new byte[32 * 1024]);
    }
    client.vanish();

    witness.awaitGone();
  }

  @Test
  void a_session_ends_before_the_server_does() throws InterruptedException {
    Witness witness = new Witness();
    try (WebSocketClient _ =
        WebSocketClient.connect(server.exec(ALL, witness), "v4.channel.k8s.io")) {
      witness.awaitBegin();
      server.close();

      assertThat(witness.hasEnded()).as("the session has ended when the server has").isTrue();
    }
  }

  @Test
  void a_message_over_the_limit_ends_the_session() {
    try (WebSocketClient client =
        WebSocketClient.connect(server.exec(ALL, ECHO), "v4.channel.k8s.io")) {
      client.trySending(0, new byte[2 * 1024 * 1024]);

      assertThat(client.closeCode()).isEqualTo(1009);
    }
  }

  @Test
  void a_token_is_good_once() {
    String url = server.exec(ALL, ECHO);
    WebSocketClient.connect(url, "v4.channel.k8s.io").close();

    assertThat(answer(url, path -> upgrade(path, "SPDY/3.1", "v4.channel.k8s.io")))
        .startsWith("HTTP/1.1 404 ")
        .contains("ask the runtime for a new one");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "GET /exec/guessed HTTP/1.1\\r\\n\\r\\n; 404",
        "GET / HTTP/1.1\\r\\n\\r\\n; 404",
        "GET /exec/%s/more HTTP/1.1\\r\\n\\r\\n; 404",
        "GET /attach/%s HTTP/1.1\\r\\nConnection: Upgrade\\r\\nUpgrade: SPDY/3.1\\r\\n\\r\\n; 404",
        "DELETE /exec/%s HTTP/1.1\\r\\n\\r\\n; 405",
        "GET /exec/%s HTTP/1.1\\r\\n\\r\\n; 400",
        "GET /exec/%s HTTP/1.1\\r\\nConnection: Upgrade\\r\\nUpgrade: h2c\\r\\n\\r\\n; 400",
        "nonsense\\r\\n\\r\\n; 400",
      })
  void what_is_no_request_for_a_session_is_refused(String request, int status) {
    String url = server.exec(ALL, ECHO);
    String token = url.substring(url.lastIndexOf('/') + 1);
    String text = request.replace("\\r\\n", "\r\n").formatted(token);

    assertThat(answer(url, _ -> text)).startsWith("HTTP/1.1 " + status + " ");
  }

  @Test
  void a_version_that_is_not_spoken_is_refused_with_those_that_are() {
    assertThat(
            answer(server.exec(ALL, ECHO), path -> upgrade(path, "SPDY/3.1", "v9.channel.k8s.io")))
        .startsWith("HTTP/1.1 403 ")
        .contains("v5.channel.k8s.io")
        .contains("v4.channel.k8s.io");
  }

  @ParameterizedTest
  @ValueSource(ints = {20_000, 4_000_000})
  void headers_without_end_are_refused(int length) {
    String answer =
        answer(
            server.exec(ALL, ECHO),
            path -> "GET " + path + " HTTP/1.1\r\nX: " + "x".repeat(length) + "\r\n\r\n");

    assertThat(answer).matches("(?s)(HTTP/1.1 431 .*)?");
    // It still serves.
    assertThat(answer(server.exec(ALL, ECHO), path -> "GET " + path + " HTTP/1.1\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ");
  }

  @Test
  void a_session_in_which_nothing_moves_is_cut_off_after_the_idle_time()
      throws InterruptedException {
    server.close();
    server = start("127.0.0.1:0", Duration.ofSeconds(3), Duration.ofSeconds(30));
    Witness witness = new Witness();
    try (WebSocketClient _ =
        WebSocketClient.connect(server.exec(ALL, witness), "v4.channel.k8s.io")) {
      witness.awaitBegin();

      witness.awaitGone();
    }
  }

  @Test
  void a_client_that_asks_for_nothing_is_hung_up_on() {
    server.close();
    server = start("127.0.0.1:0", Duration.ofMinutes(1), Duration.ofMillis(300));

    assertThat(answer(server.exec(ALL, ECHO), _ -> "GET /exec/")).isEmpty();
  }

  private HttpStreamingServer start(String address) {
    return start(address, Duration.ofMinutes(1), Duration.ofSeconds(30));
  }

  private HttpStreamingServer start(String address, Duration idle, Duration creation) {
    try {
      return HttpStreamingServer.start(
          new StreamingSettings(address, Optional.empty(), idle, creation), transport);
    } catch (IOException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private static String upgrade(String path, String to, String version) {
    return "GET %s HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: %s\r\nX-Stream-Protocol-Version: %s\r\n\r\n"
        .formatted(path, to, version);
  }

  /** What is answered until the connection is closed; nothing when that was all. */
  private static String answer(String url, Function<String, String> request) {
    URI uri = URI.create(url);
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      socket.setSoTimeout(10_000);
      try {
        socket
            .getOutputStream()
            .write(request.apply(uri.getPath()).getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      } catch (java.net.SocketTimeoutException e) {
        throw new AssertionError("neither answered nor closed", e);
      } catch (IOException e) {
        return "";
      }
    } catch (IOException e) {
      throw new AssertionError("nobody accepts on " + url, e);
    }
  }
}
