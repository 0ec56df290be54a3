package io.intermodal.rkt.session;

import io.intermodal.runtime.streaming.SessionStreams;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Carries bytes between a process of this host and a client. */
final class ProcessStreams {
  private static final int BUFFER = 32 * 1024;
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  /** What was left running may hold the output open, and is not waited for. */
  private static final Duration SILENCE = Duration.ofSeconds(1);

  private final Process process;
  private final CountDownLatch outputs = new CountDownLatch(2);
  private volatile long lastRead = System.nanoTime();
  private volatile boolean writing;

  ProcessStreams(Process process) {
    this.process = process;
  }

  /** Begins to carry. */
  void carry(SessionStreams client) {
    if (client.wanted().stdin()) {
      start("exec-input", () -> input(client.stdin()));
    } else {
      closeInput();
    }
    start("exec-output", () -> output(process.getInputStream(), client.stdout()));
    start("exec-errors", () -> output(process.getErrorStream(), client.stderr()));
  }

  /** Reading from a pipe holds a thread of the system in any case. */
  private static void start(String name, Runnable work) {
    var _ = Thread.ofPlatform().daemon().name(name).start(work);
  }

  /** Waits until the process has ended and what it wrote was handed over. */
  int await() throws InterruptedException {
    int code = process.waitFor();
    long ended = System.nanoTime();
    while (!outputs.await(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
      long silent = System.nanoTime() - Math.max(lastRead, ended);
      if (!writing && silent > SILENCE.toNanos()) {
        return code;
      }
    }
    return code;
  }

  private void closeInput() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // It has ended already.
    }
  }

  private void input(InputStream typed) {
    byte[] buffer = new byte[BUFFER];
    try (OutputStream into = process.getOutputStream()) {
      for (int count = typed.read(buffer); count >= 0; count = typed.read(buffer)) {
        into.write(buffer, 0, count);
        into.flush();
      }
    } catch (IOException e) {
      // The client has left, or the process takes no more; whoever waits for them is told.
    }
  }

  private void output(InputStream from, OutputStream client) {
    byte[] buffer = new byte[BUFFER];
    boolean listening = true;
    try (from) {
      for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
        lastRead = System.nanoTime();
        if (listening) {
          listening = handOver(client, buffer, count);
        }
      }
    } catch (IOException e) {
      // The process was killed.
    } finally {
      outputs.countDown();
    }
  }

  private boolean handOver(OutputStream client, byte[] buffer, int count) {
    writing = true;
    try {
      client.write(buffer, 0, count);
      client.flush();
      return true;
    } catch (IOException e) {
      return false;
    } finally {
      writing = false;
      lastRead = System.nanoTime();
    }
  }
}
