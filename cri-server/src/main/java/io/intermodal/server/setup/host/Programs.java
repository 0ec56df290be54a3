package io.intermodal.server.setup.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs programs to their end, each with a deadline. */
public interface Programs {
  /** More than any of them prints. */
  int LARGEST_OUTPUT = 4 << 20;

  /**
   * What a program did.
   *
   * @param code its exit code
   * @param out what it printed
   * @param err what it complained about
   */
  record Result(int code, String out, String err) {}

  /**
   * Runs a program and waits for its end.
   *
   * @param input what it reads from its standard input
   * @throws IOException when it cannot be started, or does not end in time and is killed
   */
  Result run(List<String> command, String input, Duration patience) throws IOException;

  /**
   * Runs a program that must succeed.
   *
   * @return what it printed
   * @throws IOException when it fails: with the command and what it said
   */
  default String require(List<String> command, String input, Duration patience) throws IOException {
    Result result = run(command, input, patience);
    if (result.code() != 0) {
      String said = result.err().isBlank() ? result.out() : result.err();
      throw new IOException(
          "%s failed with exit code %d: %s"
              .formatted(String.join(" ", command), result.code(), said.strip()));
    }
    return result.out();
  }

  /** Those of this machine. */
  static Programs ofThisHost() {
    return (command, input, patience) -> {
      Process process = new ProcessBuilder(command).start();
      try (InputStream out = process.getInputStream();
          InputStream err = process.getErrorStream()) {
        CompletableFuture<String> printed = text(out);
        CompletableFuture<String> complained = text(err);
        try (OutputStream in = process.getOutputStream()) {
          in.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException unread) {
          // It ended without reading all of it; its exit code says whether that was well.
          complained = complained.thenApply(said -> said + unread.getMessage());
        }
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new IOException(
              "%s did not end within %d s and was killed"
                  .formatted(String.join(" ", command), patience.toSeconds()));
        }
        // A child that it has left may hold its output open.
        return new Result(process.exitValue(), soon(printed), soon(complained));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while " + command.getFirst() + " ran", e);
      } finally {
        process.destroyForcibly();
      }
    };
  }

  private static String soon(CompletableFuture<String> text) {
    return text.completeOnTimeout("", 1, TimeUnit.SECONDS).join();
  }

  private static CompletableFuture<String> text(InputStream stream) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try {
        text.complete(new String(stream.readNBytes(LARGEST_OUTPUT), StandardCharsets.UTF_8));
      } catch (IOException e) {
        // The stream of a killed process breaks: what it said does not matter any more.
        text.complete("");
      }
    });
    return text;
  }
}
