package io.intermodal.server.logs;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for what is to become true, with a deadline. */
final class Eventually {
  private Eventually() {}

  interface Condition {
    boolean holds() throws IOException;
  }

  static void eventually(String what, Condition condition) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        fail("did not happen within 20 s: " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }

  static void eventuallyContains(Path file, String text) throws IOException {
    eventually(
        file + " contains " + text,
        () -> Files.exists(file) && Files.readString(file).contains(text));
  }
}
