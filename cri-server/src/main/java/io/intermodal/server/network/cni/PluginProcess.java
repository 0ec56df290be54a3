package io.intermodal.server.network.cni;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a plugin's program. It ends within its time, or is killed with everything that it
 * started; what it prints is bounded.
 */
final class PluginProcess {
  /** More than any answer: a result is a few hundred bytes. */
  static final int LARGEST_ANSWER = 1 << 20;

  private static final int LARGEST_STDERR = 64 << 10;
  private static final Logger LOG = LoggerFactory.getLogger(PluginProcess.class);

  /** How long output is waited for when the program has ended but left a child that holds it. */
  private static final Duration AFTER_EXIT = Duration.ofSeconds(1);

  private static final int BUSY_RETRIES = 20;
  private static final Duration BUSY_PAUSE = Duration.ofMillis(50);

  private PluginProcess() {}

  /** What the program printed on standard output, and its exit code. */
  record Answer(int exitCode, String stdout) {
    boolean succeeded() {
      return exitCode == 0;
    }
  }

  /**
   * Runs the program and waits for its end.
   *
   * @param environment added to our own environment
   * @throws PluginException when it cannot be started, prints too much, or does not end in time
   */
  static Answer run(Path program, Map<String, String> environment, byte[] stdin, Duration timeout)
      throws PluginException {
    String plugin = String.valueOf(program.getFileName());
    String command = environment.getOrDefault("CNI_COMMAND", "");
    try {
      Process process = start(program, environment);
      try {
        return talk(process, plugin, command, stdin, timeout);
      } finally {
        kill(process);
      }
    } catch (IOException e) {
      throw new PluginException(
          PluginException.Kind.NOT_RUNNABLE,
          plugin,
          command,
          "cannot be run: " + e.getMessage(),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PluginException(
          PluginException.Kind.INTERRUPTED, plugin, command, "was interrupted", e);
    }
  }

  private static Answer talk(
      Process process, String plugin, String command, byte[] stdin, Duration timeout)
      throws PluginException, InterruptedException {
    Capture stdout = new Capture(process, LARGEST_ANSWER, true);
    Capture stderr = new Capture(process, LARGEST_STDERR, false);
    Thread out = Thread.startVirtualThread(() -> stdout.read(process.getInputStream()));
    Thread err = Thread.startVirtualThread(() -> stderr.read(process.getErrorStream()));
    Thread.startVirtualThread(() -> feed(process, stdin));
    boolean ended = process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS);
    if (!ended) {
      kill(process);
    }
    out.join(AFTER_EXIT);
    err.join(AFTER_EXIT);
    String said = stderr.text();
    if (!said.isEmpty()) {
      LOG.debug("CNI plugin {} ({}) on stderr: {}", plugin, command, said);
    }
    if (!ended) {
      throw new PluginException(
          PluginException.Kind.TIMED_OUT,
          plugin,
          command,
          "did not end within " + timeout.toMillis() + " ms and was killed" + quoted(said));
    }
    if (stdout.overflowed()) {
      throw new PluginException(
          PluginException.Kind.FAILED,
          plugin,
          command,
          "printed more than " + LARGEST_ANSWER + " bytes");
    }
    return new Answer(process.exitValue(), stdout.text());
  }

  /**
   * Starts the program, once more if it is just being written: whoever forks while a file is open
   * for writing keeps it busy for a moment (ETXTBSY).
   */
  private static Process start(Path program, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(List.of(program.toString()));
    builder.environment().putAll(environment);
    for (int attempt = 1; ; attempt++) {
      try {
        return builder.start();
      } catch (IOException e) {
        boolean busy = String.valueOf(e.getMessage()).contains("error=26");
        if (!busy || attempt == BUSY_RETRIES) {
          throw e;
        }
        Thread.sleep(BUSY_PAUSE);
      }
    }
  }

  private static void feed(Process process, byte[] stdin) {
    try (OutputStream out = process.getOutputStream()) {
      out.write(stdin);
    } catch (IOException e) {
      // A program may end without reading its input; its exit code says whether that was well.
      LOG.trace("a CNI plugin did not read its input", e);
    }
  }

  private static void kill(Process process) {
    if (!process.isAlive()) {
      return;
    }
    // Asked for first: once the parent is gone its children cannot be found any more.
    try (Stream<ProcessHandle> descendants = process.descendants()) {
      List<ProcessHandle> children = descendants.toList();
      process.destroyForcibly();
      children.forEach(ProcessHandle::destroyForcibly);
    }
  }

  private static String quoted(String stderr) {
    return stderr.isEmpty() ? "" : "; its stderr: " + stderr;
  }

  /** Collects output up to a bound, from a thread of its own. */
  private static final class Capture {
    private final Process process;
    private final int limit;
    private final boolean endOnOverflow;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private boolean overflowed;

    Capture(Process process, int limit, boolean endOnOverflow) {
      this.process = process;
      this.limit = limit;
      this.endOnOverflow = endOnOverflow;
    }

    void read(InputStream in) {
      byte[] buffer = new byte[8192];
      try (in) {
        int n;
        while ((n = in.read(buffer)) >= 0) {
          if (!keep(buffer, n) && endOnOverflow) {
            kill(process);
            return;
          }
        }
      } catch (IOException e) {
        // The stream of a killed process breaks; what was read until then counts.
        LOG.trace("a CNI plugin's output broke", e);
      }
    }

    private synchronized boolean keep(byte[] buffer, int n) {
      int fits = Math.min(n, limit - content.size());
      content.write(buffer, 0, fits);
      overflowed |= fits < n;
      return !overflowed;
    }

    synchronized boolean overflowed() {
      return overflowed;
    }

    synchronized String text() {
      return content.toString(StandardCharsets.UTF_8).strip();
    }
  }
}
