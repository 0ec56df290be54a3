package io.intermodal.server.dispatch;

import static io.intermodal.cri.v1.RuntimeServiceGrpc.getGetContainerEventsMethod;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.intermodal.cri.v1.ContainerEventResponse;
import io.intermodal.cri.v1.ContainerStatus;
import io.intermodal.cri.v1.GetEventsRequest;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.events.Broadcast;
import io.intermodal.runtime.events.Subscription;
import io.intermodal.server.ScriptedConnection;
import io.intermodal.server.grpc.ServedScript;
import io.intermodal.server.wire.CriVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every stream here crosses a real socket. */
@Timeout(60)
class EventStreamTest {
  private static final int QUEUED = 100;

  @TempDir Path folder;

  private final Broadcast<ContainerEventResponse> engine =
      new Broadcast<>(QUEUED, new CriException(Code.UNAVAILABLE, "the engine was let go"));

  @ParameterizedTest
  @EnumSource(CriVersion.class)
  void callers_of_each_version_get_what_happens_after_they_have_subscribed(CriVersion version)
      throws Exception {
    try (ServedScript served = serve()) {
      EventCaller caller =
          EventCaller.start(served.client().channel(), version.of(getGetContainerEventsMethod()))
              .awaitSubscription();
      caller.take(10);

      for (int i = 0; i < 3; i++) {
        engine.publish(event("c" + i));
      }

      for (int i = 0; i < 3; i++) {
        assertThat(caller.next()).isEqualTo("c" + i);
      }
    }
  }

  @Test
  void a_caller_that_takes_its_time_loses_nothing_within_the_bound() throws Exception {
    try (ServedScript served = serve()) {
      EventCaller caller = subscribed(served);
      for (int i = 0; i < QUEUED; i++) {
        engine.publish(event("c" + i));
      }
      caller.take(1);
      assertThat(caller.next()).isEqualTo("c0");
      assertThat(caller.waiting()).isZero();

      caller.take(QUEUED);

      for (int i = 1; i < QUEUED; i++) {
        assertThat(caller.next()).isEqualTo("c" + i);
      }
    }
  }

  @Test
  void a_caller_that_does_not_read_is_ended_while_another_gets_everything() throws Exception {
    try (ServedScript served = serve()) {
      EventCaller stuck = subscribed(served);
      EventCaller quick = subscribed(served);
      quick.take(Integer.MAX_VALUE);

      int published = 0;
      while (engine.readers() == 2) {
        engine.publish(large("c" + published));
        assertThat(quick.next()).isEqualTo("c" + published);
        published++;
        assertThat(published).as("events that a stuck caller may hold").isLessThan(10 * QUEUED);
      }

      stuck.take(Integer.MAX_VALUE);
      Status end = stuck.awaitEnd();
      assertThat(end.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(end.getDescription()).contains("subscribe anew").contains("list again");
      int got = stuck.waiting();
      assertThat(got).isLessThan(published - QUEUED + 1);
      for (int i = 0; i < got; i++) {
        assertThat(stuck.next()).isEqualTo("c" + i);
      }
      engine.publish(event("last"));
      assertThat(quick.next()).isEqualTo("last");
    }
  }

  @Test
  void a_caller_that_hangs_up_leaves_nothing_behind() throws Exception {
    try (ServedScript served = serve()) {
      EventCaller caller = subscribed(served);
      assertThat(engine.readers()).isEqualTo(1);

      caller.hangUp();

      await(() -> engine.readers() == 0 && served.streams().count() == 0);
    }
  }

  @Test
  void a_server_that_stops_ends_its_streams_at_once() throws Exception {
    try (ServedScript served = serve()) {
      EventCaller caller = subscribed(served);

      long start = System.nanoTime();
      served.stopServer();

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
      assertThat(caller.awaitEnd().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(caller.awaitEnd().getDescription()).contains("this server is stopping");
      assertThat(engine.readers()).isZero();
    }
  }

  @Test
  void a_caller_that_comes_back_while_the_server_stops_is_refused() throws Exception {
    try (ServedScript served = serve()) {
      served.streams().close();

      EventCaller caller = subscribed(served);

      assertThat(caller.awaitEnd().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(engine.readers()).isZero();
    }
  }

  @Test
  void an_engine_that_is_let_go_ends_the_streams_in_its_own_words() throws Exception {
    try (ServedScript served = serve()) {
      EventCaller caller = subscribed(served);

      engine.close();

      assertThat(caller.awaitEnd().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(caller.awaitEnd().getDescription()).isEqualTo("the engine was let go");
      await(() -> served.streams().count() == 0);
    }
  }

  private static EventCaller subscribed(ServedScript served) throws Exception {
    return EventCaller.start(served.client().channel(), getGetContainerEventsMethod())
        .awaitSubscription();
  }

  private static ContainerEventResponse event(String id) {
    return ContainerEventResponse.newBuilder().setContainerId(id).build();
  }

  /** So large that few of them fit into what the connection takes without a reader. */
  private static ContainerEventResponse large(String id) {
    return event(id).toBuilder()
        .addContainersStatuses(ContainerStatus.newBuilder().setMessage("x".repeat(16 << 10)))
        .build();
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
    }
  }

  private ServedScript serve() throws Exception {
    return ServedScript.at(
        folder.resolve("cri.sock"),
        new ScriptedConnection() {
          @Override
          public Subscription<ContainerEventResponse> getContainerEvents(
              GetEventsRequest request, Call call) {
            return engine.subscribe();
          }
        });
  }
}
