package io.intermodal.tests.engine;

import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.Command;
import io.intermodal.tests.host.HostProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The server under test as a process of its own. */
public final class IntermodalServer implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  private final Path folder;
  private final List<String> arguments;
  private Process process;

  /**
   * Starts it; see {@link #await}.
   *
   * @param folder its own
   * @param settings what it is told about engines and the network: {@code
   *     --container-runtime=docker}
   */
  IntermodalServer(Path folder, List<String> settings) {
    this.folder = folder;
    this.arguments = new ArrayList<>(List.of("serve"));
    arguments.addAll(settings);
    arguments.addAll(
        List.of(
            "--listen=unix://" + socket(),
            "--state-dir=" + stateFolder(),
            "--metrics-address=127.0.0.1:0",
            "--log-level=" + System.getProperty("intermodal.tests.log-level", "debug")));
    this.process = launch();
  }

  /** The socket on which it serves CRI. */
  public Path socket() {
    return folder.resolve("cri.sock");
  }

  /** Where it keeps its own files. */
  public Path stateFolder() {
    return folder.resolve("state");
  }

  /** Its process, until it is started again. */
  public HostProcess process() {
    return new HostProcess(process.pid());
  }

  /** What it logged since its first start. */
  public Path logFile() {
    return folder.resolve("server.log");
  }

  /** Its HTTP server of metrics and health, since its last start. */
  public Monitoring monitoring() {
    try {
      return Monitoring.announcedIn(Files.readString(logFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process launch() {
    List<String> command = new ArrayList<>(program());
    command.addAll(arguments);
    try {
      Files.createDirectories(folder);
      ProcessBuilder builder = new ProcessBuilder(command);
      // As bin/intermodal does.
      builder
          .environment()
          .putAll(Map.of("MALLOC_ARENA_MAX", "1", "MALLOC_TRIM_THRESHOLD_", "131072"));
      return builder
          .redirectErrorStream(true)
          .redirectOutput(Redirect.appendTo(logFile().toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The words that run the program, up to its arguments: the packaged server of the build, or the
   * classes that this process runs with.
   */
  public static List<String> program() {
    Path build = Path.of(System.getProperty("intermodal.server.folder", "../cri-server/target"));
    Path libraries = build.resolve("lib");
    String classPath =
        Files.isDirectory(libraries)
            ? build + "/classes:" + libraries + "/*"
            : System.getProperty("java.class.path", "");
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "@" + Path.of("../bin/lib/server.options"),
        "-cp",
        classPath,
        "io.intermodal.server.Intermodal");
  }

  /** Waits until the condition holds; a server that has ended is a failure at once. */
  void await(String what, Await.Condition condition) {
    Await.until(
        what,
        START,
        () -> {
          if (!process.isAlive()) {
            throw new IOException(
                "the server ended with %d: %s"
                    .formatted(process.exitValue(), Files.readString(logFile())));
          }
          return condition.holds();
        });
  }

  /** SIGKILL. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** SIGTERM; returns the exit code. */
  public int terminate() {
    process.destroy();
    return awaitEnd();
  }

  private int awaitEnd() {
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        throw new AssertionError("the server does not end");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Starts it again with the same state. */
  void startAgain() {
    process = launch();
  }

  @Override
  public void close() {
    Command.end(process);
  }
}
