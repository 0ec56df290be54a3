package io.intermodal.tests.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A command of the host, run to its end. */
public final class Command {
  private static final long LIMIT_SECONDS = 60;
  private static final long STOP_SECONDS = 20;

  private Command() {}

  /**
   * @param exitCode its exit code
   * @param output stdout and stderr together
   */
  public record Outcome(int exitCode, String output) {}

  /** Runs it; the outcome may be a failure. */
  public static Outcome run(List<String> words) {
    return run(words, Duration.ofSeconds(LIMIT_SECONDS));
  }

  /**
   * Likewise, for so long at most.
   *
   * @throws IllegalStateException when it does not end in time; it has been killed then
   */
  public static Outcome run(List<String> words, Duration limit) {
    try {
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      process.getOutputStream().close();
      FutureTask<String> output =
          new FutureTask<>(
              () -> new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
      var _ = Thread.ofVirtual().name("output of " + words.getFirst()).start(output);
      try {
        String text = output.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (process.waitFor(limit)) {
          return new Outcome(process.exitValue(), text);
        }
      } catch (TimeoutException e) {
        // It is killed below.
      } catch (ExecutionException e) {
        throw new IllegalStateException("output of " + words, e);
      }
      process.destroyForcibly();
      throw new IllegalStateException(words + " did not end within " + limit);
    } catch (IOException e) {
      return new Outcome(127, words + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Ends a daemon: SIGTERM, and SIGKILL when that does not help. */
  public static void end(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        var _ = process.destroyForcibly().waitFor(STOP_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      var _ = process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Runs it and returns its output; a failure is an exception. */
  public static String output(String... words) {
    Outcome outcome = run(List.of(words));
    if (outcome.exitCode() != 0) {
      throw new IllegalStateException(
          "%s: exit code %d: %s"
              .formatted(String.join(" ", words), outcome.exitCode(), outcome.output()));
    }
    return outcome.output();
  }
}
