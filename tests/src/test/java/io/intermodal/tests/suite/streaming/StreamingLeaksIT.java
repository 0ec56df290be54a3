package io.intermodal.tests.suite.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.Engine;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.HostProcess;
import io.intermodal.tests.streaming.CommandSession;
import io.intermodal.tests.streaming.Streams;
import io.intermodal.tests.streaming.Transport;
import io.intermodal.tests.suite.streaming.Sessions.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many sessions at once, on a node of their own whose server nobody else keeps busy. */
@EndToEnd
class StreamingLeaksIT {
  private static final int SESSIONS = 200;
  private static final Duration SOON = Duration.ofSeconds(30);

  /** Java keeps threads that have waited for a process for another minute. */
  private static final Duration THREADS_GONE = Duration.ofSeconds(100);

  /** An engine starts so many commands in a reasonable time; all of them run at once then. */
  private static final int STARTING_AT_ONCE = 20;

  /** What a server may keep: 16 idle connections to its engine, threads for events and timers. */
  private static final int KEPT = 20;

  private final Engine engine;

  StreamingLeaksIT(Engine engine) {
    this.engine = engine;
  }

  @Test
  @Timeout(300)
  void of_200_sessions_at_once_nothing_is_left_when_half_of_the_clients_vanish() throws Exception {
    try (Node node = engine.another();
        Cri cri = node.session()) {
      Sessions sessions = new Sessions(node);
      Container container = cri.runPod().startIdle();
      for (Transport transport : List.of(Transport.SPDY_V4, Transport.WEBSOCKET_V4)) {
        try (CommandSession warmUp =
            sessions.exec(container, transport, Streams.OUTPUT, "echo", "warm")) {
          assertThat(warmUp.finish().output()).isEqualTo("warm\n");
        }
      }
      int files = node.ours() ? node.server().process().openFiles() : 0;
      int threads = node.ours() ? node.server().process().threads() : 0;
      int processes = HostProcess.ofContainer(container.id()).size();

      List<CommandSession> open = openAll(sessions, container);
      assertThat(HostProcess.ofContainer(container.id()))
          .hasSizeGreaterThanOrEqualTo(processes + SESSIONS);
      for (int i = 0; i < SESSIONS; i += 2) {
        open.get(i).vanish();
      }
      for (int i = 1; i < SESSIONS; i += 2) {
        CommandSession session = open.get(i);
        session.stdin().write('\n');
        assertThat(session.finish().status().code()).hasValue(9);
        session.leave();
      }

      if (node.ours()) {
        HostProcess server = node.server().process();
        Await.until(
            "no process is left",
            SOON,
            () -> HostProcess.ofContainer(container.id()).size() <= processes);
        Await.until("no socket is left", SOON, () -> server.openFiles() <= files + KEPT);
        Await.until("no thread is left", THREADS_GONE, () -> server.threads() <= threads + KEPT);
      }
      assertThat(container.output("echo still here")).isEqualTo("still here");
    }
  }

  private static List<CommandSession> openAll(Sessions sessions, Container container) {
    Semaphore starting = new Semaphore(STARTING_AT_ONCE);
    List<CompletableFuture<CommandSession>> opening = new ArrayList<>();
    for (int i = 0; i < SESSIONS; i++) {
      Transport transport = i % 4 < 2 ? Transport.SPDY_V4 : Transport.WEBSOCKET_V4;
      CompletableFuture<CommandSession> one = new CompletableFuture<>();
      opening.add(one);
      Thread.ofVirtual()
          .start(() -> {
            starting.acquireUninterruptibly();
            try {
              one.complete(openOne(sessions, container, transport));
            } catch (IOException | RuntimeException | AssertionError e) {
              one.completeExceptionally(e);
            } finally {
              starting.release();
            }
          });
    }
    return opening.stream().map(CompletableFuture::join).toList();
  }

  private static CommandSession openOne(Sessions sessions, Container container, Transport transport)
      throws IOException {
    CommandSession session =
        sessions.exec(
            container, transport, Streams.ALL, new Script("echo here; read line; exit 9"));
    var _ = Payload.readUntil(session.stdout(), "here\n");
    return session;
  }
}
