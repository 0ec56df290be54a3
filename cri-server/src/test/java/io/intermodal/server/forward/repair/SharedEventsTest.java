package io.intermodal.server.forward.repair;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.Status;
import io.intermodal.server.cri.CriOnSocket;
import io.intermodal.server.cri.CriOnSocket.Recorded;
import io.intermodal.server.cri.CriOnSocket.Seen;
import io.intermodal.server.cri.RawCall;
import io.intermodal.server.cri.ScriptedFacts;
import io.intermodal.server.cri.Until;
import io.intermodal.server.forward.Forwarded;
import io.intermodal.server.forward.ForwardedEngine.Mode;
import io.intermodal.server.wire.Frames;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Readers of an engine that gives each event to one of its readers. */
@Timeout(60)
class SharedEventsTest {
  private static final String EVENTS = "GetContainerEvents";
  private static final byte[] NOTHING = new byte[0];

  @TempDir Path folder;
  private CriOnSocket engine;
  private Forwarded forwarded;

  @BeforeEach
  void start() throws Exception {
    engine =
        CriOnSocket.at(folder.resolve("engine.sock"))
            .does(
                EVENTS,
                (call, _, seen) -> {
                  call.sendHeaders(new Metadata());
                  call.request(2);
                  return new Recorded(seen);
                });
    forwarded =
        Forwarded.to(engine, ScriptedFacts.of(engine).withEventsForOneReader(), Mode.REPAIRED);
  }

  @AfterEach
  void stop() throws Exception {
    forwarded.close();
    engine.close();
  }

  @Test
  void every_reader_is_told_every_event() throws Exception {
    RawCall one = reads();
    Seen stream = stream();
    RawCall other = joins();

    happens(stream, "made");
    happens(stream, "started");

    for (RawCall reader : List.of(one, other)) {
      assertThat(reader.next()).asString(US_ASCII).isEqualTo("made");
      assertThat(reader.next()).asString(US_ASCII).isEqualTo("started");
    }
    assertThat(engine.seen(EVENTS)).hasSize(1);
  }

  @Test
  void a_reader_that_leaves_takes_nothing_along() throws Exception {
    RawCall leaving = reads();
    Seen stream = stream();
    leaving.hangUp();
    var _ = leaving.end();

    RawCall next = joins();
    happens(stream, "made");

    assertThat(next.next()).asString(US_ASCII).isEqualTo("made");
    assertThat(stream.isCancelled()).isFalse();
    assertThat(engine.seen(EVENTS)).hasSize(1);
  }

  @Test
  void a_reader_is_not_told_what_was_before_it() throws Exception {
    RawCall early = reads();
    Seen stream = stream();
    happens(stream, "before");
    assertThat(early.next()).asString(US_ASCII).isEqualTo("before");

    RawCall late = joins();
    happens(stream, "after");

    assertThat(late.next()).asString(US_ASCII).isEqualTo("after");
  }

  @Test
  void a_slow_reader_is_told_so_and_the_others_go_on() throws Exception {
    RawCall quick = reads();
    Seen stream = stream();
    RawCall slow =
        RawCall.start(
                forwarded.served().channel(),
                Frames.rpc(EVENTS),
                CallOptions.DEFAULT,
                new Metadata())
            .say(NOTHING)
            .done();
    shares(1);

    // A thousand wait for it at most, besides what fits into its window of a megabyte.
    String event = "x".repeat(10_000);
    for (int i = 0; i < 1500; i++) {
      happens(stream, event);
      assertThat(quick.next()).hasSize(event.length());
    }

    Status end = slow.take(2000).end();
    assertThat(end.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(end.getDescription()).contains("subscribe anew", "list");
    assertThat(quick.hasEnded()).isFalse();
  }

  @Test
  void an_engine_that_dies_ends_all_and_is_read_again() throws Exception {
    RawCall one = reads();
    var _ = stream();
    RawCall other = joins();

    engine.die();

    assertThat(one.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(other.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    engine.forget();
    var _ = engine.start();
    Until.holds(
        "the engine is read again",
        () -> {
          var _ = reads();
          return !engine.seen(EVENTS).isEmpty();
        });
    RawCall again = reads();
    Until.holds(
        "a reader is told again",
        () -> {
          happens(stream(), "made");
          return again.waiting() > 0;
        });
  }

  @Test
  void an_engine_without_events_says_so_to_each() throws Exception {
    engine.lacks(EVENTS);

    assertThat(reads().end().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    assertThat(reads().end().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    assertThat(forwarded.repaired()).isEmpty();
  }

  private RawCall reads() {
    return forwarded.served().call(EVENTS, NOTHING);
  }

  /** Another reader, which stands. */
  private RawCall joins() {
    int before = forwarded.repaired().size();
    RawCall reader = reads();
    shares(before + 1);
    return reader;
  }

  private void shares(int readers) {
    Until.holds(
        readers + " share",
        () -> forwarded.repaired().equals(Collections.nCopies(readers, EVENTS)));
  }

  /** The one that the engine sees, once it stands. */
  private Seen stream() {
    Until.holds("a stream", () -> !engine.seen(EVENTS).isEmpty());
    return engine.last(EVENTS);
  }

  private static void happens(Seen stream, String event) {
    stream.call().sendMessage(event.getBytes(US_ASCII));
  }
}
