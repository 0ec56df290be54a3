package io.intermodal.tests.suite.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.HostProcess;
import io.intermodal.tests.streaming.CommandSession;
import io.intermodal.tests.streaming.Streams;
import io.intermodal.tests.streaming.Transport;
import io.intermodal.tests.suite.streaming.Sessions.Script;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that are slow, and clients that are gone. */
@EndToEnd
class StreamingClientsIT {
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Duration LONG = Duration.ofSeconds(60);

  /** Nothing happens for so long when something does not go on. */
  private static final Duration STALL = Duration.ofSeconds(1);

  private static final int MEGABYTE = 1_000_000;

  /** What pipes and sockets on the way may hold. */
  private static final int HELD_MEGABYTES = 32;

  private final Cri cri;
  private final Sessions sessions;

  StreamingClientsIT(Cri cri, Node node) {
    this.cri = cri;
    this.sessions = new Sessions(node);
  }

  @ParameterizedTest
  @EnumSource(names = {"SPDY_V4", "WEBSOCKET_V4", "WEBSOCKET_V5"})
  void a_client_that_does_not_read_holds_the_process_up_until_it_does(Transport transport)
      throws IOException {
    Container container = cri.runPod().startIdle();
    HostProcess main = container.process();
    LongSupplier written = () -> number(main.readInside("/tmp/written"));

    try (CommandSession session =
        sessions.exec(
            container,
            transport,
            Streams.OUTPUT,
            new Script(
                "i=0; while :; do head -c 1000000 /dev/zero; i=$((i+1)); echo $i > /tmp/new;"
                    + " mv /tmp/new /tmp/written; done"))) {
      long held = awaitStall("the process is held up", written);
      assertThat(held).as("megabytes that nobody has read").isLessThan(HELD_MEGABYTES);

      session.stdout().skipNBytes(2L * HELD_MEGABYTES * MEGABYTE);

      assertThat(written.getAsLong()).isGreaterThanOrEqualTo(HELD_MEGABYTES);
    }
  }

  /** Docker alone gives up on such a client after 10 seconds. */
  @Test
  void a_client_that_does_not_read_holds_up_no_stop_of_its_container() throws IOException {
    sessions.requireOurs("a session does not hold up the end of its container");
    Container container = cri.runPod().startIdle();
    HostProcess main = container.process();

    try (CommandSession _ =
        sessions.exec(
            container,
            Transport.SPDY_V4,
            Streams.OUTPUT,
            new Script(
                "i=0; while :; do head -c 100000 /dev/zero; i=$((i+1)); echo $i > /tmp/new;"
                    + " mv /tmp/new /tmp/written; done"))) {
      awaitStall("the process is held up", () -> number(main.readInside("/tmp/written")));

      assertTimeout(Duration.ofSeconds(9), () -> container.stop(1));

      assertThat(main.running()).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SPDY_V4", "WEBSOCKET_V4", "WEBSOCKET_V5"})
  void a_process_that_does_not_read_holds_the_client_up_until_it_does(Transport transport)
      throws IOException {
    Container container = cri.runPod().startIdle();
    AtomicLong accepted = new AtomicLong();

    try (CommandSession session =
        sessions.exec(
            container,
            transport,
            Streams.ALL,
            new Script("until [ -e /tmp/go ]; do sleep 0.05; done; head -c 64000000 | wc -c"))) {
      OutputStream stdin = session.stdin();
      byte[] piece = Payload.random(MEGABYTE);
      var sending =
          Payload.inBackground(() -> {
            for (int i = 0; i < 2 * HELD_MEGABYTES; i++) {
              stdin.write(piece);
              accepted.incrementAndGet();
            }
          });
      long held = awaitStall("the client is held up", accepted::get);
      assertThat(held).as("megabytes that nobody has read").isLessThan(HELD_MEGABYTES);
      assertThat(sending).isNotDone();

      assertThat(container.output("touch /tmp/go; echo yes")).isEqualTo("yes");

      assertThat(session.finish().output().strip()).isEqualTo("64000000");
      assertThat(sending.join()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SPDY_V4", "WEBSOCKET_V4", "WEBSOCKET_V5"})
  void a_silent_command_ends_when_its_client_vanishes(Transport transport) throws IOException {
    sessions.requireOurs("a command does not outlive its client");
    Container container = cri.runPod().startIdle();
    String seconds = unique();

    try (CommandSession session =
        sessions.exec(
            container, transport, Streams.ALL, new Script("sleep " + seconds + " & wait"))) {
      Await.until("the command runs", LONG, () -> !processes("sleep " + seconds).isEmpty());
      session.vanish();
      Await.until("its processes are gone", SOON, () -> processes(seconds).isEmpty());
    }
    assertThat(container.output("echo still here")).isEqualTo("still here");
  }

  @ParameterizedTest
  @EnumSource(names = {"SPDY_V4", "WEBSOCKET_V4", "WEBSOCKET_V5"})
  void a_command_that_is_held_up_ends_when_its_client_vanishes(Transport transport)
      throws IOException {
    sessions.requireOurs("a command does not outlive its client");
    Container container = cri.runPod().startIdle();
    String mark = unique();

    try (CommandSession session =
        sessions.exec(
            container,
            transport,
            Streams.OUTPUT,
            new Script("head -c " + mark + "00000000 /dev/zero; echo over"))) {
      var _ = session.stdout().readNBytes(MEGABYTE);
      session.vanish();
      Await.until("its processes are gone", SOON, () -> processes(mark).isEmpty());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SPDY_V4", "WEBSOCKET_V4", "WEBSOCKET_V5"})
  void a_command_ends_when_its_client_takes_leave(Transport transport) throws IOException {
    sessions.requireOurs("a command does not outlive its client");
    Container container = cri.runPod().startIdle();
    String seconds = unique();

    try (CommandSession session =
        sessions.exec(container, transport, Streams.OUTPUT, "sleep", seconds)) {
      Await.until("the command runs", LONG, () -> !processes("sleep " + seconds).isEmpty());
      session.leave();
      Await.until("its process is gone", SOON, () -> processes(seconds).isEmpty());
    }
  }

  private static List<HostProcess> processes(String text) {
    return HostProcess.withCommandLine(text);
  }

  private static String unique() {
    return "96" + ThreadLocalRandom.current().nextInt(100_000, 999_999);
  }

  /** Waits until a number that has begun to grow grows no more, and returns it. */
  private static long awaitStall(String what, LongSupplier number) {
    AtomicLong last = new AtomicLong();
    AtomicLong since = new AtomicLong(System.nanoTime());
    Await.until(
        what,
        LONG,
        () -> {
          long now = number.getAsLong();
          if (now != last.get()) {
            last.set(now);
            since.set(System.nanoTime());
          }
          return now > 0 && System.nanoTime() - since.get() > STALL.toNanos();
        });
    return last.get();
  }

  private static long number(String text) {
    return text.isBlank() ? 0 : Long.parseLong(text.strip());
  }
}
