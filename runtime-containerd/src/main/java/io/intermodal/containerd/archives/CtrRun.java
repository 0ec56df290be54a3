package io.intermodal.containerd.archives;

import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One run of {@code ctr}. What it says is told in its own words when it fails. */
final class CtrRun {
  /** For images of any size; whoever waits can end it before. */
  private static final Duration LONGEST = Duration.ofHours(1);

  private static final int LONGEST_WORDS = 64 * 1024;
  private static final int BUFFER = 256 * 1024;

  private final List<String> command;

  CtrRun(List<String> command) {
    this.command = command;
  }

  /**
   * Runs it with this as its input.
   *
   * @throws CriException when it fails
   * @throws IOException when the input cannot be read
   */
  void feed(InputStream input) throws IOException {
    Process process = start(true);
    FutureTask<String> words = reading(process.getInputStream());
    IOException unread = null;
    try (OutputStream in = process.getOutputStream()) {
      unread = copy(input, in);
      if (unread != null) {
        // Before its input ends, which it would take for all of it.
        end(process);
      }
    } catch (IOException e) {
      // It has stopped reading: what it said is the reason.
    }
    if (unread != null) {
      throw unread;
    }
    finish(process, words);
  }

  /** Copies as much as the program takes, and returns what went wrong with the input. */
  private static @Nullable IOException copy(InputStream from, OutputStream to) throws IOException {
    byte[] buffer = new byte[BUFFER];
    while (true) {
      int count;
      try {
        count = from.read(buffer);
      } catch (IOException e) {
        return e;
      }
      if (count < 0) {
        return null;
      }
      to.write(buffer, 0, count);
    }
  }

  /**
   * Runs it and passes on its output.
   *
   * @throws CriException when it fails
   * @throws IOException when the output cannot be written
   */
  void drain(OutputStream output) throws IOException {
    Process process = start(false);
    FutureTask<String> words = reading(process.getErrorStream());
    process.getOutputStream().close();
    try (InputStream out = process.getInputStream()) {
      long _ = out.transferTo(output);
    } catch (IOException e) {
      end(process);
      throw e;
    }
    finish(process, words);
  }

  private Process start(boolean wordsInOutput) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(wordsInOutput).start();
      Thread.ofVirtual().name("ctr-limit").start(() -> limit(process));
      return process;
    } catch (IOException e) {
      throw new CriException(
          Code.UNAVAILABLE,
          "%s cannot be run: %s".formatted(command.getFirst(), e.getMessage()),
          e);
    }
  }

  private static void limit(Process process) {
    try {
      if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
        end(process);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void end(Process process) {
    var _ = process.destroyForcibly();
  }

  private static FutureTask<String> reading(InputStream stream) {
    FutureTask<String> words =
        new FutureTask<>(() -> {
          byte[] first = stream.readNBytes(LONGEST_WORDS);
          long _ = stream.transferTo(OutputStream.nullOutputStream());
          return new String(first, StandardCharsets.UTF_8);
        });
    var _ = Thread.ofVirtual().name("ctr-words").start(words);
    return words;
  }

  private void finish(Process process, FutureTask<String> words) {
    try {
      int code = process.waitFor();
      String said = words.get();
      if (code != 0) {
        throw failure(said.isBlank() ? "ctr ended with " + code : lastLine(said));
      }
    } catch (ExecutionException e) {
      throw new CriException(
          Code.UNKNOWN, "what ctr says cannot be read: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      end(process);
      Thread.currentThread().interrupt();
      throw new CriException(Code.CANCELLED, "the run of ctr was interrupted", e);
    }
  }

  private static String lastLine(String said) {
    return said.strip().lines().reduce((_, last) -> last).orElse("").replaceFirst("^ctr: ", "");
  }

  private static CriException failure(String said) {
    String text = said.toLowerCase(Locale.ROOT);
    if (text.contains("no space left on device")) {
      return new CriException(Code.RESOURCE_EXHAUSTED, "containerd said: " + said);
    }
    if (text.contains("failed to dial") || text.contains("connection refused")) {
      return new CriException(
          Code.UNAVAILABLE, "containerd does not answer: is it running? (%s)".formatted(said));
    }
    if (text.contains("content digest") && text.contains("not found")) {
      return new CriException(
          Code.FAILED_PRECONDITION,
          "containerd does not keep the layers that it has unpacked (%s): set discard_unpacked_layers = false in its configuration and pull the image anew"
              .formatted(said));
    }
    return new CriException(
        text.endsWith(": not found") ? Code.NOT_FOUND : Code.UNKNOWN, "containerd said: " + said);
  }
}
