package io.intermodal.tests.suite.archive;

import io.intermodal.server.command.CommandLineProgram;
import io.intermodal.tests.engine.IntermodalServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code intermodal image} against a server.
 *
 * @param server whose socket and state folder it is given
 */
record ImageCommand(IntermodalServer server) {
  /** What came of it. */
  record Outcome(int exitCode, String out, String err) {}

  /** Runs it in this process, which saves the start of another one. */
  Outcome run(String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        new CommandLineProgram(
                CommandLineProgram.standard(),
                Map.of(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8))
            .run(arguments(List.of(words)).toArray(String[]::new));
    return new Outcome(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Runs it as a user does, with a file as its input; its output and messages are one. */
  Outcome runWithInput(Path input, String... words) {
    List<String> command = new ArrayList<>(IntermodalServer.program());
    command.addAll(arguments(List.of(words)));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectInput(input.toFile())
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Outcome(process.waitFor(), said, said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private List<String> arguments(List<String> words) {
    List<String> all = new ArrayList<>(List.of("image"));
    all.addAll(words);
    all.add("--runtime-endpoint=unix://" + server.socket());
    if (words.getFirst().equals("load") || words.getFirst().equals("save")) {
      all.add("--state-dir=" + server.stateFolder());
    }
    return all;
  }
}
