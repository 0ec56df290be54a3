package io.intermodal.tests.suite.streaming;

import static io.intermodal.tests.suite.streaming.Payload.readUntil;
import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.streaming.CommandSession;
import io.intermodal.tests.streaming.Streams;
import io.intermodal.tests.streaming.Transport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Attach: the streams of a container's own process. */
@EndToEnd
class StreamingAttachIT {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final Cri cri;
  private final Sessions sessions;

  StreamingAttachIT(Cri cri, Node node) {
    this.cri = cri;
    this.sessions = new Sessions(node);
  }

  @ParameterizedTest
  @EnumSource(names = {"SPDY_V4", "WEBSOCKET_V4", "WEBSOCKET_V4_BASE64", "WEBSOCKET_V5"})
  void input_goes_to_the_process_and_output_and_errors_come_from_it(Transport transport)
      throws IOException {
    Container container = answering();

    try (CommandSession session = sessions.attach(container, transport, Streams.ALL)) {
      send(session, "one\n");
      assertThat(readUntil(session.stdout(), "\n")).isEqualTo("out one");
      assertThat(readUntil(session.stderr(), "\n")).isEqualTo("err one");
      send(session, "two\n");
      assertThat(readUntil(session.stdout(), "\n")).isEqualTo("out two");
      assertThat(readUntil(session.stderr(), "\n")).isEqualTo("err two");
    }

    Await.until(
        "the log has it as well",
        SOON,
        () -> container.log().output("stdout").equals("out one\nout two\n"));
  }

  @Test
  void two_clients_see_the_same_and_may_both_send() throws IOException {
    Container container = answering();

    try (CommandSession one = sessions.attach(container, Transport.SPDY_V4, Streams.ALL);
        CommandSession two = sessions.attach(container, Transport.WEBSOCKET_V4, Streams.ALL)) {
      // What is written before a client is there is not for it: so both have to be.
      awaitAttached(one, "1");
      awaitAttached(two, "2");

      send(one, "from one\n");
      assertThat(readUntil(one.stdout(), "from one\n")).endsWith("out ");
      assertThat(readUntil(two.stdout(), "from one\n")).endsWith("out ");
      send(two, "from two\n");
      assertThat(readUntil(one.stdout(), "from two\n")).endsWith("out ");
      assertThat(readUntil(two.stdout(), "from two\n")).endsWith("out ");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SPDY_V4", "WEBSOCKET_V4", "WEBSOCKET_V5"})
  void a_client_that_vanishes_leaves_the_container_and_other_clients_alone(Transport transport)
      throws IOException {
    Container container = answering();

    try (CommandSession leaving = sessions.attach(container, transport, Streams.ALL);
        CommandSession staying = sessions.attach(container, transport, Streams.ALL)) {
      awaitAttached(leaving, "leaving");
      awaitAttached(staying, "staying");
      leaving.vanish();

      send(staying, "still here\n");
      assertThat(readUntil(staying.stdout(), "still here\n")).endsWith("out ");
    }
    assertThat(container.process().running()).isTrue();
    try (CommandSession again = sessions.attach(container, transport, Streams.ALL)) {
      awaitAttached(again, "again");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SPDY_V4", "WEBSOCKET_V4", "WEBSOCKET_V5"})
  void the_session_ends_well_with_the_container(Transport transport) throws IOException {
    Container container =
        cri.runPod().start("read line; echo last words; exit 7", config -> config.setStdin(true));

    try (CommandSession session = sessions.attach(container, transport, Streams.ALL)) {
      send(session, "go\n");
      CommandSession.Outcome outcome = session.finish();

      // containerd 1.6 drops what a container has written last, now and then.
      if (sessions.node().ours()) {
        assertThat(outcome.output()).isEqualTo("last words\n");
      }
      assertThat(outcome.status().success()).isTrue();
    }
    assertThat(container.awaitExit().getExitCode()).isEqualTo(7);
  }

  @ParameterizedTest
  @EnumSource(names = {"SPDY_V4", "WEBSOCKET_V5"})
  void the_end_of_input_is_the_containers_when_it_has_one_client_in_its_life(Transport transport)
      throws IOException {
    Container container =
        cri.runPod().start("cat; echo over", config -> config.setStdin(true).setStdinOnce(true));
    byte[] text = "some text\n".repeat(100_000).getBytes(StandardCharsets.US_ASCII);

    try (CommandSession session = sessions.attach(container, transport, Streams.ALL)) {
      var sending = Payload.sendAll(session.stdin(), text);

      String answer = session.finish().output();
      assertThat(answer).startsWith("some text\n");
      // containerd 1.6 drops what a container has written last, now and then.
      if (sessions.node().ours()) {
        assertThat(answer).hasSize(text.length + "over\n".length()).endsWith("over\n");
      }
      assertThat(sending.join()).isTrue();
    }
    assertThat(container.awaitExit().getExitCode()).isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"SPDY_V4", "WEBSOCKET_V5"})
  void the_end_of_a_clients_input_is_not_the_containers_otherwise(Transport transport)
      throws IOException {
    Container container = answering();

    try (CommandSession session = sessions.attach(container, transport, Streams.ALL)) {
      awaitAttached(session, "first");
      session.stdin().close();
    }
    try (CommandSession session = sessions.attach(container, transport, Streams.ALL)) {
      awaitAttached(session, "second");
    }
    assertThat(container.process().running()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(names = {"SPDY_V4", "WEBSOCKET_V4", "WEBSOCKET_V5"})
  void output_can_be_watched_without_input(Transport transport) throws IOException {
    Container container =
        cri.runPod().start("i=0; while :; do i=$((i+1)); echo $i; sleep 0.1; done");

    try (CommandSession session = sessions.attach(container, transport, Streams.OUTPUT)) {
      var _ = readUntil(session.stdout(), "\n");
      int number = Integer.parseInt(readUntil(session.stdout(), "\n"));

      assertThat(readUntil(session.stdout(), "\n")).isEqualTo(Integer.toString(number + 1));
    }
  }

  /** A container that answers each line on both streams. */
  private Container answering() {
    return cri.runPod()
        .start(
            "while read line; do echo \"out $line\"; echo \"err $line\" >&2; done",
            config -> config.setStdin(true));
  }

  private static void awaitAttached(CommandSession session, String mark) throws IOException {
    send(session, mark + "\n");
    var _ = readUntil(session.stdout(), "out " + mark + "\n");
  }

  private static void send(CommandSession session, String text) throws IOException {
    session.stdin().write(text.getBytes(StandardCharsets.US_ASCII));
  }
}
