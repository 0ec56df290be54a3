package io.intermodal.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The whole program as a process of its own, with the classes of this test run. */
public final class ServerProcess implements AutoCloseable {
  private final Process process;
  private final Path log;

  private ServerProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** The command that runs the program. */
  public static List<String> command(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                "io.intermodal.server.Intermodal"));
    command.addAll(List.of(arguments));
    return command;
  }

  /**
   * Starts a command, with what it prints in a file.
   *
   * @param environment pairs of name and value
   */
  public static ServerProcess start(Path log, List<String> command, String... environment)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    for (int i = 0; i < environment.length; i += 2) {
      builder.environment().put(environment[i], environment[i + 1]);
    }
    return new ServerProcess(builder.start(), log);
  }

  public long pid() {
    return process.pid();
  }

  public String printed() throws IOException {
    return Files.readString(log);
  }

  /** Waits until it has printed a text. */
  public void awaitPrinted(String text) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!printed().contains(text)) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new AssertionError("not printed: \"" + text + "\", but:\n" + printed());
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /** Asks it to stop, as a service manager does. */
  public void terminate() {
    process.destroy();
  }

  /** Waits for its end and returns its exit code. */
  public int awaitExit() throws IOException, InterruptedException {
    if (!process.waitFor(40, TimeUnit.SECONDS)) {
      throw new AssertionError("it does not end:\n" + printed());
    }
    return process.exitValue();
  }

  /** Ends it without a chance to do anything about it. */
  public void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
