package io.intermodal.tests.suite.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.engine.OnlyTranslated;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.HostProcess;
import io.intermodal.tests.streaming.CommandSession;
import io.intermodal.tests.streaming.CommandSession.Outcome;
import io.intermodal.tests.streaming.ExitStatus;
import io.intermodal.tests.streaming.Streams;
import io.intermodal.tests.streaming.Transport;
import io.intermodal.tests.suite.streaming.Sessions.Script;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Exec: a command's streams and its exit code, over each protocol. */
@EndToEnd
class StreamingExecIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  /** Together more than 62 MB. */
  private static final int MANY_NUMBERS = 8_000_000;

  private final Cri cri;
  private final Sessions sessions;

  StreamingExecIT(Cri cri, Node node) {
    this.cri = cri;
    this.sessions = new Sessions(node);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.MATCH_ALL, names = ".*_V[45].*")
  void output_errors_and_exit_codes_come_apart(Transport transport) throws IOException {
    Container container = cri.runPod().startIdle();

    for (int code : new int[] {0, 1, 3, 126, 127, 255}) {
      Outcome outcome = run(container, transport, "echo out; echo err >&2; exit " + code);

      assertThat(outcome.output()).isEqualTo("out\n");
      assertThat(outcome.errors()).isEqualTo("err\n");
      assertThat(outcome.status().code()).hasValue(code);
      assertThat(outcome.status().success()).isEqualTo(code == 0);
    }
    assertThat(run(container, transport, "kill -9 $$").status().code()).hasValue(137);
  }

  @ParameterizedTest
  @EnumSource(names = {"SPDY_V1", "SPDY_V2", "SPDY_V3", "WEBSOCKET", "WEBSOCKET_BASE64"})
  void protocols_without_exit_codes_tell_a_failure_in_words(Transport transport)
      throws IOException {
    Container container = cri.runPod().startIdle();

    Outcome good = run(container, transport, "echo out; echo err >&2");
    assertThat(good.output()).isEqualTo("out\n");
    assertThat(good.errors()).isEqualTo("err\n");
    assertThat(good.status().message()).isEmpty();

    Outcome bad = run(container, transport, "echo out; exit 3");
    assertThat(bad.output()).isEqualTo("out\n");
    // The first version's error stream is closed at once by the Kubernetes library.
    if (transport != Transport.SPDY_V1) {
      assertThat(bad.status().message()).contains("3");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SPDY_V4", "WEBSOCKET_V4", "WEBSOCKET_V5"})
  void an_unknown_command_is_a_failure_that_says_so(Transport transport) throws IOException {
    Container container = cri.runPod().startIdle();

    try (CommandSession session =
        sessions.exec(container, transport, Streams.OUTPUT, "/no/such/program")) {
      ExitStatus status = session.finish().status();

      assertThat(status.success()).isFalse();
      if (status.code().isPresent()) {
        assertThat(status.code().getAsInt()).isIn(126, 127);
      } else {
        assertThat(status.message()).contains("/no/such/program");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SPDY_V4", "WEBSOCKET_V5"})
  void input_comes_back_from_cat_unchanged_and_its_end_ends_the_process(Transport transport)
      throws IOException {
    Container container = cri.runPod().startIdle();
    byte[] sent = Payload.random(8 << 20);

    try (CommandSession session = sessions.exec(container, transport, Streams.ALL, "cat")) {
      var sending = Payload.sendAll(session.stdin(), sent);

      assertThat(Payload.sha256(session.stdout())).isEqualTo(Payload.sha256(sent));
      assertThat(sending.join()).isTrue();
      assertThat(session.status().success()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void input_arrives_unchanged(Transport transport) throws IOException {
    Container container = cri.runPod().startIdle();
    byte[] sent = Payload.random(8 << 20);

    try (CommandSession session =
        sessions.exec(
            container,
            transport,
            Streams.ALL,
            new Script("head -c " + sent.length + " | sha256sum"))) {
      var sending = Payload.send(session.stdin(), sent);

      assertThat(session.finish().output()).startsWith(Payload.sha256(sent));
      assertThat(sending.join()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SPDY_V4", "WEBSOCKET_V4", "WEBSOCKET_V5"})
  void input_that_is_not_asked_for_is_at_its_end(Transport transport) throws IOException {
    Container container = cri.runPod().startIdle();

    Outcome outcome = run(container, transport, "cat; echo done");

    assertThat(outcome.output()).isEqualTo("done\n");
  }

  @ParameterizedTest
  @EnumSource(names = {"SPDY_V4", "WEBSOCKET_V4"})
  @OnlyTranslated("lets a WebSocket wait for input that nobody reads")
  void a_process_may_end_without_having_read_its_input(Transport transport) throws IOException {
    if (transport == Transport.SPDY_V4) {
      sessions.requireOurs("input that nobody reads does not keep the exit code back");
    }
    Container container = cri.runPod().startIdle();

    try (CommandSession session =
        sessions.exec(container, transport, Streams.ALL, new Script("echo enough; exit 4"))) {
      // Where the rest goes does not matter, and a connection that ends under it neither.
      var sending = Payload.send(session.stdin(), Payload.random(1 << 20));

      Outcome outcome = session.finish();
      assertThat(outcome.output()).isEqualTo("enough\n");
      assertThat(outcome.status().code()).as(outcome.status().message()).hasValue(4);
      session.leave();
      Await.until("sending has ended", SOON, sending::isDone);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.MATCH_ALL, names = ".*_V[45].*")
  void output_larger_than_any_buffer_comes_whole_and_in_order(Transport transport)
      throws IOException {
    Container container = cri.runPod().startIdle();

    try (CommandSession session =
        sessions.exec(container, transport, Streams.OUTPUT, "/bin/seq", "1", "" + MANY_NUMBERS)) {
      assertThat(Payload.sha256(session.stdout())).isEqualTo(Payload.sha256OfNumbers(MANY_NUMBERS));
      assertThat(session.status().success()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SPDY_V4", "WEBSOCKET_V4", "WEBSOCKET_V5"})
  void output_is_kept_for_a_client_that_reads_after_the_process_has_ended(Transport transport)
      throws IOException {
    Container container = cri.runPod().startIdle();
    HostProcess main = container.process();

    try (CommandSession session =
        sessions.exec(
            container, transport, Streams.OUTPUT, new Script("seq 1 8000; echo yes > /tmp/over"))) {
      Await.until(
          "the command has ended", SOON, () -> main.readInside("/tmp/over").equals("yes\n"));

      assertThat(Payload.sha256(session.stdout())).isEqualTo(Payload.sha256OfNumbers(8000));
      assertThat(session.status().success()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SPDY_V4", "WEBSOCKET_V4", "WEBSOCKET_V5"})
  void megabytes_of_output_and_errors_at_once_do_not_mix(Transport transport) throws IOException {
    Container container = cri.runPod().startIdle();

    Outcome outcome =
        run(
            container,
            transport,
            "head -c 4000000 /dev/zero | tr '\\0' o & head -c 4000000 /dev/zero | tr '\\0' e >&2;"
                + " wait");

    assertThat(outcome.output()).hasSize(4_000_000).containsOnlyOnce("o".repeat(4_000_000));
    assertThat(outcome.errors()).hasSize(4_000_000).containsOnlyOnce("e".repeat(4_000_000));
  }

  @ParameterizedTest
  @EnumSource(names = {"SPDY_V4", "WEBSOCKET_V4", "WEBSOCKET_V5"})
  void errors_alone_can_be_asked_for(Transport transport) throws IOException {
    Container container = cri.runPod().startIdle();
    Streams errors = new Streams(false, false, true, false);

    try (CommandSession session =
        sessions.exec(container, transport, errors, new Script("echo out; echo err >&2; exit 3"))) {
      Outcome outcome = session.finish();

      assertThat(outcome.errors()).isEqualTo("err\n");
      assertThat(outcome.status().code()).hasValue(3);
    }
  }

  private Outcome run(Container container, Transport transport, String script) throws IOException {
    try (CommandSession session =
        sessions.exec(container, transport, Streams.OUTPUT, new Script(script))) {
      return session.finish();
    }
  }
}
