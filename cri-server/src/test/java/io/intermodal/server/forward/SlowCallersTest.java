package io.intermodal.server.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.intermodal.server.cri.CriOnSocket;
import io.intermodal.server.cri.RawCall;
import io.intermodal.server.cri.Until;
import io.intermodal.server.wire.Frames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever does not read holds up whoever writes. */
@Timeout(60)
class SlowCallersTest {
  private static final int MESSAGE = 256 << 10;

  /** More than all windows and buffers on the way hold together. */
  private static final int MESSAGES = 160;

  private static final Duration STILL = Duration.ofMillis(200);

  @TempDir Path folder;
  private final AtomicInteger moved = new AtomicInteger();
  private CriOnSocket engine;
  private Forwarded forwarded;

  @BeforeEach
  void start() throws Exception {
    engine = CriOnSocket.at(folder.resolve("engine.sock"));
    forwarded = Forwarded.to(engine);
  }

  @AfterEach
  void stop() throws Exception {
    forwarded.close();
    engine.close();
  }

  @Test
  void a_caller_that_does_not_read_holds_up_the_engine_and_then_gets_all() throws Exception {
    engine.does(
        "GetContainerEvents",
        (call, _, seen) -> {
          call.request(1);
          call.sendHeaders(new Metadata());
          return new CriOnSocket.Recorded(seen) {
            @Override
            public void onReady() {
              sendWhileReady(call);
            }
          };
        });
    RawCall call =
        RawCall.start(
                forwarded.served().channel(),
                Frames.rpc("GetContainerEvents"),
                CallOptions.DEFAULT,
                new Metadata())
            .say(new byte[0])
            .done();

    int held = whenStill(moved::get);

    assertThat(held).isBetween(1, MESSAGES * 3 / 4);
    assertThat(call.waiting()).isZero();
    call.take(Integer.MAX_VALUE);
    assertThat(call.end().isOk()).isTrue();
    assertThat(call.rest()).hasSize(MESSAGES).allMatch(message -> message.length == MESSAGE);
  }

  private void sendWhileReady(ServerCall<byte[], byte[]> call) {
    while (call.isReady() && moved.get() < MESSAGES) {
      call.sendMessage(new byte[MESSAGE]);
      if (moved.incrementAndGet() == MESSAGES) {
        call.close(Status.OK, new Metadata());
      }
    }
  }

  @Test
  void an_engine_that_does_not_read_holds_up_the_caller_and_then_gets_all() throws Exception {
    engine.does(
        "OfTheFuture",
        (call, _, seen) ->
            new CriOnSocket.Recorded(seen) {
              @Override
              public void onHalfClose() {
                call.sendHeaders(new Metadata());
                call.close(Status.OK, new Metadata());
              }
            });
    RawCall call =
        RawCall.start(
            forwarded.served().channel(),
            Frames.method("runtime.v1.RuntimeService/OfTheFuture"),
            CallOptions.DEFAULT,
            new Metadata());
    call.take(1);
    CriOnSocket.Seen seen = engine.last("OfTheFuture");

    int held = whenStill(() -> sayWhileReady(call));

    assertThat(held).isBetween(1, MESSAGES * 3 / 4);
    assertThat(seen.messages()).isEmpty();
    seen.call().request(Integer.MAX_VALUE);
    Until.holds("all is said", () -> sayWhileReady(call) == MESSAGES);
    call.done();
    assertThat(call.end().isOk()).isTrue();
    assertThat(seen.messages()).hasSize(MESSAGES).allMatch(message -> message.length == MESSAGE);
  }

  private int sayWhileReady(RawCall call) {
    while (call.isReady() && moved.get() < MESSAGES) {
      call.say(new byte[MESSAGE]);
      moved.incrementAndGet();
    }
    return moved.get();
  }

  /** How many have moved when no more do for a while. */
  private static int whenStill(IntSupplier moved) {
    int[] last = {0};
    long[] since = {System.nanoTime()};
    Until.holds(
        "nothing moves any more",
        () -> {
          int now = moved.getAsInt();
          if (now != last[0]) {
            last[0] = now;
            since[0] = System.nanoTime();
          }
          return now > 0 && System.nanoTime() - since[0] > STILL.toNanos();
        });
    return last[0];
  }
}
