package io.intermodal.server.forward;

import static io.grpc.Status.Code.UNAVAILABLE;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.Status;
import io.intermodal.server.cri.CriOnSocket;
import io.intermodal.server.cri.RawCall;
import io.intermodal.server.cri.Until;
import io.intermodal.server.wire.Frames;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An engine that dies, is not there, comes back, or is none. */
@Timeout(60)
class EngineAwayTest {
  private static final byte[] NOTHING = new byte[0];

  @TempDir Path folder;
  private CriOnSocket engine;
  private Forwarded forwarded;

  @BeforeEach
  void start() throws Exception {
    engine = CriOnSocket.notRunning(folder.resolve("engine.sock"));
    forwarded = Forwarded.to(engine);
  }

  @AfterEach
  void stop() throws Exception {
    forwarded.close();
    engine.close();
  }

  @Test
  void an_engine_that_is_not_there_is_named_with_its_socket_the_cause_and_the_cure()
      throws Exception {
    Status end = forwarded.served().call("Version", NOTHING).end();

    assertIsAway(end);
    assertThat(end.getDescription()).contains("No such file or directory");
    assertThat(forwarded.connected()).isFalse();
  }

  @Test
  void a_server_that_stops_ends_streams_of_events_and_tells_to_come_again() throws Exception {
    var _ =
        engine
            .does(
                "GetContainerEvents",
                CriOnSocket.onRequest((call, _) -> {
                  call.sendHeaders(new Metadata());
                  call.sendMessage(new byte[] {1});
                }))
            .start();
    RawCall events = forwarded.served().call("GetContainerEvents", NOTHING);
    assertThat(events.next()).containsExactly(1);

    forwarded.endStreams();

    assertThat(events.end().getCode()).isEqualTo(UNAVAILABLE);
    assertThat(events.end().getDescription()).contains("this server is stopping");
  }

  @Test
  void an_engine_that_dies_in_a_stream_is_named_to_the_caller_after_what_it_said()
      throws Exception {
    var _ =
        engine
            .does(
                "GetContainerEvents",
                CriOnSocket.onRequest((call, _) -> {
                  call.sendHeaders(new Metadata());
                  call.sendMessage(new byte[] {1});
                }))
            .hangs("ExecSync")
            .start();
    RawCall stream = forwarded.served().call("GetContainerEvents", NOTHING);
    RawCall unary = forwarded.served().call("ExecSync", NOTHING);
    assertThat(stream.next()).containsExactly(1);
    var _ = engine.last("ExecSync");
    assertThat(forwarded.connected()).isTrue();

    engine.die();

    assertIsAway(stream.end());
    assertIsAway(unary.end());
    assertIsAway(forwarded.served().call("Version", NOTHING).end());
    Until.holds("the connection is known to be gone", () -> !forwarded.connected());
  }

  @Test
  void an_engine_that_breaks_a_connection_is_served_by_the_next_call() throws Exception {
    var _ = engine.start();
    var _ = forwarded.served().call("Version", NOTHING).answer();

    engine.hangUp();

    Until.holds("a call succeeds", () -> ended(forwarded.served().call("Version", NOTHING)).isOk());
  }

  @Test
  void an_engine_that_comes_back_is_served_within_two_seconds() throws Exception {
    var _ = engine.start();
    var _ = forwarded.served().call("Version", NOTHING).answer();
    engine.die();
    long away = System.nanoTime();
    // Long enough for the time between two tries to have grown to what it may be.
    while (System.nanoTime() - away < Duration.ofMillis(1200).toNanos()) {
      assertThat(ended(forwarded.served().call("Version", NOTHING)).getCode())
          .isEqualTo(UNAVAILABLE);
    }

    var _ = engine.start();
    long back = System.nanoTime();

    Until.holds("a call succeeds", () -> ended(forwarded.served().call("Version", NOTHING)).isOk());
    assertThat(Duration.ofNanos(System.nanoTime() - back)).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void a_socket_that_speaks_something_else_is_no_engine() throws Exception {
    try (ServerSocketChannel other = listen()) {
      RawCall call = forwarded.served().call("Version", NOTHING, Duration.ofSeconds(15));
      try (SocketChannel connection = other.accept()) {
        var _ =
            connection.write(
                ByteBuffer.wrap("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII)));

        assertThat(call.end().getCode()).as(call.end().toString()).isEqualTo(UNAVAILABLE);
        assertThat(call.end().getDescription())
            .startsWith("what answers on " + engine.endpoint() + " is not scripted")
            .contains("no gRPC");
      }
    }
    var _ = engine.start();
    Until.holds("a call succeeds", () -> ended(forwarded.served().call("Version", NOTHING)).isOk());
  }

  @Test
  void a_socket_that_hangs_up_is_one_that_does_not_answer() throws Exception {
    try (ServerSocketChannel other = listen()) {
      RawCall call = forwarded.served().call("Version", NOTHING, Duration.ofSeconds(15));
      other.accept().close();

      assertIsAway(call.end());
    }
  }

  @Test
  void a_hung_socket_costs_the_caller_its_deadline_and_no_more() throws Exception {
    try (ServerSocketChannel _ = listen()) {
      RawCall call = forwarded.served().call("Version", NOTHING, Duration.ofMillis(500));

      assertThat(call.end().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    }
  }

  @Test
  void a_caller_may_leave_before_there_is_a_connection() throws Exception {
    try (ServerSocketChannel _ = listen()) {
      RawCall call =
          RawCall.of(
              forwarded.served().channel(),
              Frames.rpc("Version"),
              NOTHING,
              CallOptions.DEFAULT,
              new Metadata());

      call.hangUp();

      assertThat(call.end().getCode()).isEqualTo(Status.Code.CANCELLED);
    }
  }

  /** A socket that takes connections, in the kernel, and whose owner does nothing. */
  private ServerSocketChannel listen() throws Exception {
    return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(engine.socket()));
  }

  private void assertIsAway(Status end) {
    assertThat(end.getCode()).as(end.toString()).isEqualTo(UNAVAILABLE);
    assertThat(end.getDescription())
        .startsWith("scripted does not answer on " + engine.endpoint() + " (")
        .contains("start it");
  }

  private static Status ended(RawCall call) {
    try {
      return call.end();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
