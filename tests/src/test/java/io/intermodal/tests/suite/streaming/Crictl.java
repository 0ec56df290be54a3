package io.intermodal.tests.suite.streaming;

import io.intermodal.tests.host.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/**
 * The real client that people use, found on the PATH.
 *
 * @param folder for what it reads and prints
 */
record Crictl(String endpoint, Path folder) {
  private static final long LIMIT_SECONDS = 60;

  /**
   * A run that has ended.
   *
   * @param output the file with what it printed
   */
  record Outcome(int exitCode, Path output, String errors) {
    String text() {
      try {
        return Files.readString(output);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Skips the test when it is not there. */
  static Crictl onPath(String endpoint, Path folder) {
    if (Command.run(List.of("crictl", "--version")).exitCode() != 0) {
      throw new TestAbortedException("no crictl on the PATH");
    }
    return new Crictl(endpoint, folder);
  }

  /** The command line for the shell or for a process. */
  List<String> words(String... arguments) {
    List<String> words =
        new ArrayList<>(List.of("crictl", "--runtime-endpoint", endpoint, "--timeout", "30s"));
    words.addAll(List.of(arguments));
    return words;
  }

  /** Starts it. */
  Process start(Redirect input, Path output, Path errors, List<String> words) throws IOException {
    return new ProcessBuilder(words)
        .redirectInput(input)
        .redirectOutput(output.toFile())
        .redirectError(Redirect.to(errors.toFile()))
        .start();
  }

  /** Runs it to its end, with input from a file. */
  Outcome run(Path input, List<String> words) throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "crictl", ".out");
    Path errors = Files.createTempFile(folder, "crictl", ".err");
    Process process = start(Redirect.from(input.toFile()), output, errors, words);
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(words + " does not end: " + Files.readString(errors));
    }
    return new Outcome(process.exitValue(), output, Files.readString(errors));
  }
}
