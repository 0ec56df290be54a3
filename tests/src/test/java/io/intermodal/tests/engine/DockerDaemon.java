package io.intermodal.tests.engine;

import com.google.gson.JsonElement;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A dockerd with a data folder and a socket of its own and without a network of its own. */
public final class DockerDaemon implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Pattern LOST_OUTPUT =
      Pattern.compile(
          "^time=\"([^\"]+)\" level=error .*reading from a closed fifo", Pattern.MULTILINE);

  private final DockerProgram program;
  private final Path folder;
  private final DockerApi api;
  private Process process;

  DockerDaemon(DockerProgram program, Path folder) {
    this.program = program;
    this.folder = folder;
    this.api = new DockerApi(folder.resolve("docker.sock"));
    this.process = launch();
  }

  private Process launch() {
    try {
      Files.createDirectories(folder);
      Path configuration = Files.writeString(folder.resolve("daemon.json"), "{}");
      List<String> command =
          new ArrayList<>(
              List.of(
                  program.dockerd().toString(),
                  "--config-file=" + configuration,
                  "--host=unix://" + socket(),
                  "--data-root=" + folder.resolve("data"),
                  "--exec-root=" + folder.resolve("exec"),
                  "--pidfile=" + folder.resolve("docker.pid"),
                  "--exec-opt=native.cgroupdriver=cgroupfs",
                  "--live-restore",
                  "--bridge=none",
                  "--iptables=false",
                  "--ip6tables=false"));
      ProcessBuilder builder = new ProcessBuilder(command);
      Map<String, String> environment = builder.environment();
      environment.clear();
      environment.put("PATH", program.searchPath());
      environment.put("HOME", folder.toString());
      Process started =
          builder
              .redirectErrorStream(true)
              .redirectOutput(Redirect.appendTo(logFile().toFile()))
              .start();
      Await.until(
          "dockerd answers on " + socket(),
          START,
          () -> {
            if (!started.isAlive()) {
              throw new IOException("dockerd ended: see " + logFile());
            }
            return api.answers();
          });
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path socket() {
    return api.socket();
  }

  /** The daemon's own API: the second eye of the suites. */
  public DockerApi api() {
    return api;
  }

  /**
   * Whether dockerd says that it has lost an output of some container since then. From version 24
   * on it opens the pipe to an output on a thread of its own and gives up when the process ends
   * before: on a busy machine that happens to one that ends at once.
   */
  boolean lostAnOutputSince(Instant time) {
    try {
      return LOST_OUTPUT
          .matcher(Files.readString(logFile()))
          .results()
          .map(line -> Instant.parse(line.group(1)))
          .anyMatch(time::isBefore);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path logFile() {
    return folder.resolve("dockerd.log");
  }

  /** Ends dockerd; its containers keep running. */
  public void stop() {
    Command.end(process);
  }

  /** Starts it again over the same data. */
  public void startAgain() {
    process = launch();
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      for (JsonElement container : api.get("/containers/json?all=1").getAsJsonArray()) {
        api.delete(
            "/containers/" + container.getAsJsonObject().get("Id").getAsString() + "?force=1&v=1");
      }
    }
    Command.end(process);
  }
}
