package io.intermodal.rkt.session;

import io.intermodal.rkt.output.TerminalHub;
import io.intermodal.runtime.streaming.Session;
import io.intermodal.runtime.streaming.SessionStreams;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A client at a container's terminal, which outlives it. */
final class TerminalAttach implements Session {
  private static final int BUFFER = 4096;

  private static final Duration LAST_ANSWER = Duration.ofSeconds(1);

  private final TerminalHub hub;

  TerminalAttach(TerminalHub hub) {
    this.hub = hub;
  }

  /** {@inheritDoc} */
  @Override
  public int attend(SessionStreams client) {
    CompletableFuture<Void> over = hub.ended();
    client.onGone(() -> over.complete(null));
    TerminalHub.Listener listener = output -> write(client, output);
    hub.listen(listener);
    try {
      client.onResize(hub::resize);
      if (client.wanted().stdin()) {
        Thread.ofVirtual().name("attach-input").start(() -> type(client.stdin(), over));
      }
      over.join();
      return 0;
    } finally {
      hub.leave(listener);
    }
  }

  private static void write(SessionStreams client, ByteBuffer output) throws IOException {
    byte[] bytes = new byte[output.remaining()];
    output.get(bytes);
    client.stdout().write(bytes);
    client.stdout().flush();
  }

  private void type(InputStream typed, CompletableFuture<Void> over) {
    byte[] buffer = new byte[BUFFER];
    try {
      for (int count = typed.read(buffer); count >= 0; count = typed.read(buffer)) {
        hub.type(buffer, count);
      }
      CompletableFuture<Void> _ =
          over.completeOnTimeout(null, LAST_ANSWER.toMillis(), TimeUnit.MILLISECONDS);
    } catch (IOException e) {
      over.complete(null);
    }
  }
}
