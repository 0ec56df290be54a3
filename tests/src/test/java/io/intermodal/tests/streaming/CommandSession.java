package io.intermodal.tests.streaming;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A client's session with a process. What was not asked for has no stream. */
public interface CommandSession extends AutoCloseable {

  /**
   * How a session went from its beginning, or since somebody read, to its end.
   *
   * @param output what was written to stdout
   * @param errors what was written to stderr
   */
  record Outcome(String output, String errors, ExitStatus status) {}

  /**
   * Sends to the process. Closing it ends the process's input where the protocol can say so ({@link
   * Transport#halfCloses}), and cannot be done elsewhere.
   */
  OutputStream stdin();

  /** What the process writes. It has to be read, or the whole session is held up. */
  InputStream stdout();

  /** What the process writes as errors. It has to be read, as well. */
  InputStream stderr();

  /** Tells the size of the client's terminal. */
  void resize(int width, int height) throws IOException;

  /** Waits for the end and returns how it was. */
  ExitStatus status() throws IOException;

  /** Reads all output that is left and waits for the end. */
  default Outcome finish() throws IOException {
    CompletableFuture<byte[]> errors = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            errors.complete(stderr().readAllBytes());
          } catch (IOException e) {
            errors.completeExceptionally(e);
          }
        });
    byte[] output = stdout().readAllBytes();
    try {
      return new Outcome(
          new String(output, StandardCharsets.UTF_8),
          new String(errors.join(), StandardCharsets.UTF_8),
          status());
    } catch (CompletionException e) {
      throw new IOException("stderr", e.getCause());
    }
  }

  /** Cuts the connection without a word. */
  void vanish();

  /** Takes leave and closes the connection, whether or not the process has ended. */
  void leave();

  @Override
  default void close() {
    leave();
  }
}
