package io.intermodal.crio.archives;

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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One run of {@code skopeo}. What it says is told in its own words when it fails. */
final class SkopeoRun {
  /** For images of any size; whoever waits can end it before. */
  private static final Duration LONGEST = Duration.ofHours(1);

  private static final Pattern LOGGED = Pattern.compile("msg=\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final int LONGEST_WORDS = 64 * 1024;

  private final List<String> command;

  SkopeoRun(List<String> command) {
    this.command = command;
  }

  /**
   * Runs it.
   *
   * @throws CriException when it fails
   */
  void run() throws IOException {
    drain(OutputStream.nullOutputStream());
  }

  /**
   * Runs it and passes on its output.
   *
   * @throws CriException when it fails
   * @throws IOException when the output cannot be written
   */
  void drain(OutputStream output) throws IOException {
    Process process = start();
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

  private Process start() {
    try {
      Process process = new ProcessBuilder(command).start();
      Thread.ofVirtual().name("skopeo-limit").start(() -> limit(process));
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
    var _ = Thread.ofVirtual().name("skopeo-words").start(words);
    return words;
  }

  private void finish(Process process, FutureTask<String> words) {
    try {
      int code = process.waitFor();
      String said = words.get();
      if (code != 0) {
        throw failure(said.isBlank() ? "skopeo ended with " + code : lastLine(said));
      }
    } catch (ExecutionException e) {
      throw new CriException(
          Code.UNKNOWN, "what skopeo says cannot be read: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      end(process);
      Thread.currentThread().interrupt();
      throw new CriException(Code.CANCELLED, "the run of skopeo was interrupted", e);
    }
  }

  /** {@code time="…" level=fatal msg="what is wrong"}, from a program that logs. */
  private static String lastLine(String said) {
    String last = said.strip().lines().reduce((_, line) -> line).orElse("");
    Matcher logged = LOGGED.matcher(last);
    return logged.find() ? logged.group(1).replace("\\\"", "\"") : last;
  }

  private static CriException failure(String said) {
    boolean full = said.toLowerCase(Locale.ROOT).contains("no space left on device");
    return new CriException(full ? Code.RESOURCE_EXHAUSTED : Code.UNKNOWN, "skopeo said: " + said);
  }
}
