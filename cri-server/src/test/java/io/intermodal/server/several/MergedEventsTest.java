package io.intermodal.server.several;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.Status;
import io.intermodal.server.cri.CriOnSocket;
import io.intermodal.server.cri.RawCall;
import io.intermodal.server.cri.Served;
import io.intermodal.server.cri.Until;
import io.intermodal.server.wire.Frames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The events of two engines as one stream. */
@Timeout(60)
class MergedEventsTest {
  private static final String RPC = "GetContainerEvents";
  private static final byte[] NOTHING = new byte[0];

  @TempDir Path folder;
  private CriOnSocket one;
  private CriOnSocket two;
  private Several several;
  private Served served;

  @BeforeEach
  void start() throws Exception {
    one = subscribed(CriOnSocket.at(folder.resolve("one.sock")));
    two = subscribed(CriOnSocket.at(folder.resolve("two.sock")));
    several = Several.in(folder).with("containerd", one).with("cri-o", two);
    served = several.serve();
  }

  /** Says that a subscription stands; its events are the test's. */
  private static CriOnSocket subscribed(CriOnSocket engine) {
    return engine.does(RPC, CriOnSocket.onRequest((call, _) -> call.sendHeaders(new Metadata())));
  }

  @AfterEach
  void stop() throws Exception {
    several.close();
    one.close();
    two.close();
  }

  @Test
  void an_event_does_not_wait_for_an_engine_that_says_nothing_before_its_first() throws Exception {
    two.hangs(RPC);
    RawCall call = served.call(RPC, NOTHING);
    var _ = two.last(RPC);

    say(one, "a");

    assertThat(call.next()).asString().isEqualTo("a");
  }

  @Test
  void headers_come_too_when_an_engine_says_nothing_before_its_first_event() throws Exception {
    two.hangs(RPC);

    assertThat(served.call(RPC, NOTHING).headers()).isNotNull();
  }

  @Test
  void each_engines_events_come_in_its_order() throws Exception {
    RawCall call = served.call(RPC, NOTHING);
    var _ = call.headers();

    for (int i = 0; i < 50; i++) {
      say(one, "a" + i);
      say(two, "b" + i);
    }

    List<String> a = new ArrayList<>();
    List<String> b = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String event = new String(call.next(), US_ASCII);
      (event.startsWith("a") ? a : b).add(event);
    }
    for (int i = 0; i < 50; i++) {
      assertThat(a.get(i)).isEqualTo("a" + i);
      assertThat(b.get(i)).isEqualTo("b" + i);
    }
  }

  @Test
  void a_caller_takes_events_at_its_own_pace() throws Exception {
    RawCall call =
        RawCall.start(served.channel(), Frames.rpc(RPC), CallOptions.DEFAULT, new Metadata())
            .say(NOTHING)
            .done();
    var _ = call.headers();
    say(one, "a0");
    say(one, "a1");

    call.take(1);
    assertThat(call.next()).asString().isEqualTo("a0");
    assertThat(call.waiting()).isZero();
    call.take(1);
    assertThat(call.next()).asString().isEqualTo("a1");
  }

  @Test
  void while_an_engine_is_away_the_others_go_on_and_its_return_ends_the_stream() throws Exception {
    RawCall call = served.call(RPC, NOTHING);
    var _ = call.headers();
    var _ = one.last(RPC);
    var _ = two.last(RPC);

    two.die();
    var _ = several.finds("cri-o", false);
    say(one, "a0");
    assertThat(call.next()).asString().isEqualTo("a0");
    assertThat(call.hasEnded()).isFalse();
    var _ = two.start();

    assertThat(call.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(call.end().getDescription()).contains("cri-o was away").contains("subscribe anew");
    assertThat(one.last(RPC).wasCancelled()).isTrue();
  }

  @Test
  void an_engine_without_events_ends_the_stream() throws Exception {
    two.lacks(RPC);

    RawCall call = served.call(RPC, NOTHING);

    assertThat(call.end().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    assertThat(call.end().getDescription())
        .contains("cri-o gives no events")
        .contains("unknown method");
    Until.holds(
        "the other engine is hung up on",
        () -> one.seen(RPC).stream().allMatch(CriOnSocket.Seen::isCancelled));
  }

  @Test
  void a_caller_that_leaves_ends_all_of_them() throws Exception {
    RawCall call = served.call(RPC, NOTHING);
    CriOnSocket.Seen first = one.last(RPC);
    CriOnSocket.Seen second = two.last(RPC);

    call.hangUp();

    assertThat(first.wasCancelled()).isTrue();
    assertThat(second.wasCancelled()).isTrue();
  }

  private static void say(CriOnSocket engine, String event) {
    CriOnSocket.Seen seen = engine.last(RPC);
    Until.holds("the subscription of " + event + " stands", () -> isSaid(seen, event));
  }

  /** The call is seen to begin before the engine has sent its headers. */
  private static boolean isSaid(CriOnSocket.Seen seen, String event) {
    try {
      seen.call().sendMessage(event.getBytes(US_ASCII));
      return true;
    } catch (IllegalStateException noHeadersYet) {
      return false;
    }
  }
}
