package io.intermodal.tests.suite.streaming;

import static io.intermodal.tests.suite.streaming.Payload.readUntil;
import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.streaming.CommandSession;
import io.intermodal.tests.streaming.Streams;
import io.intermodal.tests.streaming.Transport;
import io.intermodal.tests.suite.streaming.Sessions.Script;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Sessions with a terminal. */
@EndToEnd
class StreamingTerminalIT {
  private final Cri cri;
  private final Sessions sessions;

  StreamingTerminalIT(Cri cri, Node node) {
    this.cri = cri;
    this.sessions = new Sessions(node);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.MATCH_ALL, names = ".*_V[345].*")
  void an_execs_terminal_has_the_size_that_the_client_tells(Transport transport)
      throws IOException {
    Container container = cri.runPod().startIdle();

    try (CommandSession session =
        sessions.exec(
            container,
            transport,
            Streams.TERMINAL,
            new Script(
                "until [ \"$(stty size)\" = '43 132' ]; do sleep 0.05; done; echo first;"
                    + " until [ \"$(stty size)\" = '50 100' ]; do sleep 0.05; done; echo second"))) {
      session.resize(132, 43);
      var _ = readUntil(session.stdout(), "first\r\n");
      session.resize(100, 50);
      var _ = readUntil(session.stdout(), "second\r\n");

      assertThat(session.status().success()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SPDY_V4", "WEBSOCKET_V4", "WEBSOCKET_V5"})
  void a_terminal_joins_errors_with_output_and_gives_the_exit_code(Transport transport)
      throws IOException {
    Container container = cri.runPod().startIdle();

    try (CommandSession session =
        sessions.exec(
            container,
            transport,
            Streams.TERMINAL,
            new Script(
                "[ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo terminal; echo err >&2; exit 5"))) {
      assertThat(new String(session.stdout().readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo("terminal\r\nerr\r\n");
      assertThat(session.status().code()).hasValue(5);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SPDY_V4", "WEBSOCKET_V4", "WEBSOCKET_V5"})
  void keys_that_are_signals_and_ends_of_input_do_what_they_do(Transport transport)
      throws IOException {
    Container container = cri.runPod().startIdle();

    try (CommandSession session =
        sessions.exec(
            container, transport, Streams.TERMINAL, new Script("echo ready; exec sleep 99999"))) {
      var _ = readUntil(session.stdout(), "ready\r\n");
      type(session, "\u0003");

      assertThat(session.finish().status().code()).hasValue(130);
    }
    try (CommandSession session = sessions.exec(container, transport, Streams.TERMINAL, "cat")) {
      type(session, "typed\n");
      var _ = readUntil(session.stdout(), "typed\r\ntyped\r\n");
      type(session, "\u0004");

      assertThat(session.finish().status().success()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SPDY_V4", "WEBSOCKET_V4", "WEBSOCKET_V5"})
  void an_attached_terminal_has_the_size_that_the_client_tells(Transport transport)
      throws IOException {
    Container container =
        cri.runPod()
            .start(
                "while read line; do stty size; done",
                config -> config.setStdin(true).setTty(true));

    try (CommandSession session = sessions.attach(container, transport, Streams.TERMINAL)) {
      session.resize(121, 34);
      // The size and the line come different ways.
      String seen;
      do {
        type(session, "\n");
        seen = readUntil(session.stdout(), "\r\n");
      } while (!seen.contains("34 121"));
    }
  }

  private static void type(CommandSession session, String keys) throws IOException {
    session.stdin().write(keys.getBytes(StandardCharsets.US_ASCII));
  }
}
