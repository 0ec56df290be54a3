package io.intermodal.tests.suite.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.HostProcess;
import io.intermodal.tests.streaming.CommandSession;
import io.intermodal.tests.streaming.Streams;
import io.intermodal.tests.streaming.Transport;
import io.intermodal.tests.streaming.wire.HttpRequest;
import io.intermodal.tests.streaming.wire.SocketWire;
import io.intermodal.tests.streaming.wire.SpdyConnection;
import io.intermodal.tests.streaming.wire.SpdyFrame;
import io.intermodal.tests.streaming.wire.SpdyHeaders;
import io.intermodal.tests.streaming.wire.SpdyStream;
import io.intermodal.tests.streaming.wire.UpgradeRefused;
import io.intermodal.tests.streaming.wire.WebSocketConnection;
import io.intermodal.tests.streaming.wire.WebSocketConnection.Message;
import io.intermodal.tests.streaming.wire.Wire;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over the wire beside the streams, and what is done about rubbish. */
@EndToEnd
class StreamingWireIT {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final String CHANNELS = "v4.channel.k8s.io";
  private static final String VERSION = "X-Stream-Protocol-Version";
  private static final int MEBIBYTE = 1 << 20;
  private static final int GONE_AWAY_WITHIN_PIECES = 512;

  private final Cri cri;
  private final Sessions sessions;
  private final Container container;

  /** In the arguments of the session's process. */
  private final String seconds = "95" + ThreadLocalRandom.current().nextInt(100_000, 999_999);

  StreamingWireIT(Cri cri, Node node) {
    this.cri = cri;
    this.sessions = new Sessions(node);
    this.container = cri.runPod().startIdle();
  }

  @BeforeEach
  void nothing_runs_yet() {
    assertThat(HostProcess.withCommandLine("sleep " + seconds)).isEmpty();
  }

  @AfterEach
  void the_server_still_serves() throws IOException {
    try (CommandSession session =
        sessions.exec(container, Transport.SPDY_V4, Streams.OUTPUT, "echo", "alive")) {
      assertThat(session.finish().output()).isEqualTo("alive\n");
    }
    assertThat(cri.ownPods()).hasSize(1);
    if (sessions.node().ours()) {
      Await.until(
          "no process is left",
          SOON,
          () -> HostProcess.withCommandLine("sleep " + seconds).isEmpty());
    }
  }

  @Test
  void spdy_pings_are_answered_and_the_server_closes_the_connection_at_the_end()
      throws IOException {
    try (SpdyConnection connection = spdy(url("cat"))) {
      var error = connection.open(Map.of("streamtype", "error"));
      SpdyStream stdin = connection.open(Map.of("streamtype", "stdin"));
      var _ = connection.open(Map.of("streamtype", "stdout"));
      connection.ping();
      stdin.out().close();

      assertThat(new String(error.in().readAllBytes(), StandardCharsets.UTF_8))
          .contains("\"Success\"");
      boolean saidSo = connection.awaitEnd();
      if (sessions.node().ours()) {
        assertThat(saidSo).as("GOAWAY").isTrue();
      }
    }
  }

  @Test
  void input_may_end_by_a_reset() throws IOException {
    try (SpdyConnection connection = spdy(url("cat"))) {
      var error = connection.open(Map.of("streamtype", "error"));
      SpdyStream stdin = connection.open(Map.of("streamtype", "stdin"));
      SpdyStream stdout = connection.open(Map.of("streamtype", "stdout"));
      stdin.out().write(new byte[] {1, 2, 3});
      assertThat(stdout.in().readNBytes(3)).containsExactly(1, 2, 3);
      stdin.reset();

      assertThat(new String(error.in().readAllBytes(), StandardCharsets.UTF_8))
          .contains("\"Success\"");
    }
  }

  @Test
  void a_websocket_begins_with_an_empty_message_of_output_and_ends_with_1000() throws IOException {
    try (WebSocketConnection connection = WebSocketConnection.open(url("true"), CHANNELS)) {
      Message first = connection.read();
      assertThat(first.body()).containsExactly(1);

      Message message = first;
      while (!message.farewell()) {
        message = connection.read();
      }
      assertThat(message.code()).isEqualTo(1000);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"v9.channel.k8s.io", "portforward.k8s.io", "", "rubbish"})
  void a_protocol_that_is_none_is_refused(String protocol) {
    refused(upgrade(url("true"), "SPDY/3.1").with(VERSION, protocol));
    refused(
        upgrade(url("true"), "websocket")
            .with("Sec-WebSocket-Version", "13")
            .with("Sec-WebSocket-Key", "MDEyMzQ1Njc4OWFiY2RlZg==")
            .with("Sec-WebSocket-Protocol", protocol.isEmpty() ? "none" : protocol));
  }

  @Test
  void a_request_for_anything_but_a_session_is_refused() {
    refused(HttpRequest.to("GET", url("true")));
    refused(HttpRequest.to("POST", url("true")));
    refused(HttpRequest.to("DELETE", url("true")));
    refused(upgrade(url("true"), "h2c"));
    refused(upgrade(url("true"), "SPDY/2").with(VERSION, CHANNELS));
    refused(HttpRequest.to("GET", url("true")).with("Upgrade", "SPDY/3.1"));
    URI server = URI.create(url("true"));
    for (String path : List.of("", "/", "/exec", "/exec/", "/metrics", "/%00", "/a/b/c/d")) {
      refused(HttpRequest.to("GET", "http://" + server.getRawAuthority() + path));
    }
  }

  private static void refused(HttpRequest request) {
    assertThatThrownBy(() -> request.send().upgraded())
        .as(request.head())
        .isInstanceOfSatisfying(
            UpgradeRefused.class, e -> assertThat(e.status()).isBetween(400, 499));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 20})
  void a_spdy_frame_that_is_cut_off_leaves_nothing_behind(int length) throws IOException {
    byte[] frame =
        SpdyFrame.newStream(1, new SpdyHeaders().compressed(Map.of("streamtype", "error")))
            .encoded();

    try (Wire wire = spdyWire(url("sleep", seconds))) {
      wire.write(Arrays.copyOf(frame, length));
    }
  }

  @Test
  void a_client_that_is_gone_before_its_last_stream_leaves_nothing_behind() throws IOException {
    try (SpdyConnection connection = spdy(url("sleep", seconds))) {
      var _ = connection.open(Map.of("streamtype", "error"));
      var _ = connection.open(Map.of("streamtype", "stdin"));
      connection.vanish();
    }
  }

  @Test
  @Timeout(90)
  void a_client_that_does_not_open_its_streams_is_sent_away() throws IOException {
    sessions.requireOurs("streams are opened within 30 seconds");
    try (SocketWire wire = spdyWire(url("sleep", seconds))) {
      assertThat(Payload.inBackground(() -> awaitEnd(wire))).succeedsWithin(Duration.ofSeconds(45));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"spdy", "websocket"})
  void rubbish_ends_the_connection(String kind) throws IOException {
    sessions.requireOurs("a connection ends as soon as it makes no sense");
    try (Wire wire =
        kind.equals("spdy")
            ? spdyWire(url("sleep", seconds))
            : WebSocketConnection.open(url("sleep", seconds), CHANNELS).wire()) {
      byte[] rubbish = new byte[64 << 10];
      Arrays.fill(rubbish, (byte) 0xf7);
      awaitEndOfSending(wire, rubbish);
    }
  }

  @Test
  void a_websocket_frame_beyond_all_limits_ends_the_connection() throws IOException {
    try (WebSocketConnection connection =
        WebSocketConnection.open(url("sleep", seconds), CHANNELS)) {
      Wire wire = connection.wire();
      wire.write(WebSocketConnection.header(WebSocketConnection.BINARY, 1L << 40));
      wire.write(new byte[] {0, 0, 0, 0});
      awaitEndOfSending(wire, new byte[MEBIBYTE]);
    }
  }

  @Test
  void a_header_of_a_mebibyte_or_without_an_end_is_refused() throws IOException {
    HttpRequest request = upgrade(url("true"), "SPDY/3.1").with(VERSION, CHANNELS);
    try (SocketWire wire = SocketWire.to(request.url())) {
      awaitRefusal(wire, request.with("X-Long", "x".repeat(MEBIBYTE + (64 << 10))).head());
    }
    String start = request.with("X-Long", "").head().stripTrailing();
    try (SocketWire wire = SocketWire.to(request.url())) {
      wire.write(start.getBytes(StandardCharsets.ISO_8859_1));
      byte[] piece = new byte[MEBIBYTE];
      Arrays.fill(piece, (byte) 'x');
      awaitEndOfSending(wire, piece);
    }
  }

  /** A status of 4xx, or an end of the connection. */
  private static void awaitRefusal(SocketWire wire, String head) {
    try {
      wire.write(head.getBytes(StandardCharsets.ISO_8859_1));
      assertThat(HttpRequest.answer(wire).status()).isBetween(400, 499);
    } catch (IOException e) {
      // Closed without a word.
    }
  }

  /** Sends again and again until the server has had enough. */
  private static void awaitEndOfSending(Wire wire, byte[] piece) {
    var ended = Payload.inBackground(() -> awaitEnd(wire));
    var _ =
        Payload.inBackground(() -> {
          for (int sent = 0; sent < GONE_AWAY_WITHIN_PIECES; sent++) {
            wire.write(piece);
          }
        });
    assertThat(ended).as("the end of the connection").succeedsWithin(SOON);
  }

  /** Reads to the end, or to the reset that a server sends who did not want to read more. */
  private static void awaitEnd(Wire wire) {
    try {
      wire.in().skipNBytes(Long.MAX_VALUE);
    } catch (IOException e) {
      // The end.
    }
  }

  private String url(String... command) {
    return container.execUrl(new Streams(true, true, false, false), List.of(command));
  }

  private static HttpRequest upgrade(String url, String protocol) {
    String method = protocol.equals("websocket") ? "GET" : "POST";
    return HttpRequest.to(method, url).with("Connection", "Upgrade").with("Upgrade", protocol);
  }

  private static SocketWire spdyWire(String url) throws IOException {
    return upgrade(url, "SPDY/3.1").with(VERSION, CHANNELS).send().upgraded().wire();
  }

  private static SpdyConnection spdy(String url) throws IOException {
    return SpdyConnection.over(spdyWire(url));
  }
}
