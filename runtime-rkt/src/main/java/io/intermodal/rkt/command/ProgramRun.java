package io.intermodal.rkt.command;

import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * One program run to its end, without input.
 *
 * @param command the program and its arguments
 * @param environment variables beside those of this process
 */
public record ProgramRun(List<String> command, Map<String, String> environment) {
  /** More than any list of rkt's: 10 000 pods are some 8 MB. */
  private static final int MOST_OUTPUT = 16 << 20;

  private static final int MOST_ERRORS = 64 << 10;
  private static final Duration LAST_OUTPUT = Duration.ofSeconds(1);

  public ProgramRun {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  public ProgramRun(String... command) {
    this(List.of(command), Map.of());
  }

  /**
   * What a program said and how it ended.
   *
   * @param exit its exit code; 128 and more when a signal ended it
   * @param output what it wrote, 16 MiB at most
   * @param errors what it wrote as errors, the last 64 KiB
   */
  public record Ended(int exit, String output, String errors) {
    public boolean succeeded() {
      return exit == 0;
    }
  }

  /**
   * Runs the program.
   *
   * @param limit after which it is killed with all that it started
   * @throws CriException UNAVAILABLE when there is no such program or it cannot be started,
   *     DEADLINE_EXCEEDED at the limit, CANCELLED when this thread is interrupted
   */
  public Ended run(Duration limit) {
    Process process = start();
    CompletableFuture<byte[]> output = reading(process.getInputStream(), MOST_OUTPUT, false);
    CompletableFuture<byte[]> errors = reading(process.getErrorStream(), MOST_ERRORS, true);
    boolean ended = false;
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // It has ended already.
    }
    try {
      ended = process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
      if (!ended) {
        throw new CriException(
            Code.DEADLINE_EXCEEDED,
            "%s did not end within %d ms and was killed".formatted(name(), limit.toMillis()));
      }
      return new Ended(process.exitValue(), text(output), text(errors));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CriException(Code.CANCELLED, name() + " was interrupted", e);
    } finally {
      if (!ended) {
        killTree(process.toHandle());
      }
    }
  }

  private Process start() {
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().putAll(environment);
      return builder.start();
    } catch (IOException e) {
      throw new CriException(
          Code.UNAVAILABLE, "%s cannot be run: %s".formatted(name(), e.getMessage()), e);
    }
  }

  /** Kills a process with everything below it, the leaves last so that none is made anew. */
  public static void killTree(ProcessHandle process) {
    List<ProcessHandle> tree;
    try (Stream<ProcessHandle> below = process.descendants()) {
      tree = below.toList();
    }
    process.destroyForcibly();
    tree.forEach(ProcessHandle::destroyForcibly);
  }

  /** Reads to the end, so that the program is never held up, and keeps the first or last bytes. */
  private static CompletableFuture<byte[]> reading(InputStream from, int bound, boolean last) {
    CompletableFuture<byte[]> kept = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("program-output")
        .start(() -> {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          try (from) {
            byte[] buffer = new byte[8192];
            for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
              if (last && bytes.size() + count > bound) {
                bytes.reset();
              }
              bytes.write(buffer, 0, Math.min(count, bound - bytes.size()));
            }
          } catch (IOException e) {
            // The program was killed; what it said until then is kept.
          } finally {
            kept.complete(bytes.toByteArray());
          }
        });
    return kept;
  }

  /** A process left behind may hold the output open; it is not waited for. */
  private static String text(CompletableFuture<byte[]> bytes) throws InterruptedException {
    try {
      return new String(
          bytes.get(LAST_OUTPUT.toMillis(), TimeUnit.MILLISECONDS), StandardCharsets.UTF_8);
    } catch (TimeoutException | ExecutionException e) {
      return "";
    }
  }

  /** The program with its verbs, without values that may be secret. */
  private String name() {
    return String.join(
        " ", command.stream().takeWhile(word -> !word.startsWith("-")).limit(4).toList());
  }
}
