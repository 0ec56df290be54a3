package io.intermodal.docker.session;

import com.github.dockerjava.api.command.InspectExecResponse;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.intermodal.docker.api.DockerApi;
import io.intermodal.docker.api.DockerErrors;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.streaming.WantedStreams;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A command in a container: made, started, looked at and, if need be, killed. */
final class ExecProcess {
  private static final Logger log = LoggerFactory.getLogger(ExecProcess.class);
  private static final int CREATED = 201;
  private static final Duration EXIT_CODE = Duration.ofSeconds(10);
  private static final Duration KILL = Duration.ofSeconds(10);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(5);
  private static final Duration LOOK_AGAIN_AT_LAST = Duration.ofMillis(200);

  private final DockerApi docker;
  private final String containerId;
  private final String execId;
  private final boolean terminal;

  private ExecProcess(DockerApi docker, String containerId, String execId, boolean terminal) {
    this.docker = docker;
    this.containerId = containerId;
    this.execId = execId;
    this.terminal = terminal;
  }

  /** What messages call a command in this container. */
  static String nameIn(String containerId) {
    return "exec in container " + containerId;
  }

  /**
   * Tells Docker of the command; nothing runs yet.
   *
   * @throws CriException NOT_FOUND when there is no such container, FAILED_PRECONDITION when it
   *     does not run or is paused
   */
  static ExecProcess create(
      DockerApi docker, String containerId, List<String> command, WantedStreams wanted) {
    String path = "/containers/%s/exec".formatted(containerId);
    byte[] config = config(command, wanted).toString().getBytes(StandardCharsets.UTF_8);
    try (Response answer = docker.send("POST", path, config)) {
      String said = new String(answer.getBody().readAllBytes(), StandardCharsets.UTF_8);
      if (answer.getStatusCode() != CREATED) {
        throw DockerErrors.refused(nameIn(containerId), answer.getStatusCode(), said);
      }
      String execId = JsonParser.parseString(said).getAsJsonObject().get("Id").getAsString();
      return new ExecProcess(docker, containerId, execId, wanted.terminal());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonObject config(List<String> command, WantedStreams wanted) {
    JsonArray words = new JsonArray();
    command.forEach(words::add);
    JsonObject config = new JsonObject();
    config.add("Cmd", words);
    config.addProperty("AttachStdin", wanted.stdin());
    // Docker ends the stream with the last thing that is attached, which must not be the input.
    config.addProperty("AttachStdout", wanted.stdout() || !wanted.stderr());
    config.addProperty("AttachStderr", wanted.stderr());
    config.addProperty("Tty", wanted.terminal());
    config.addProperty("DetachKeys", DetachKeys.NEVER_TYPED);
    return config;
  }

  /**
   * Starts it.
   *
   * @throws CriException FAILED_PRECONDITION when its container has been paused or has ended
   *     meanwhile
   */
  ProcessStream start() {
    JsonObject start = new JsonObject();
    start.addProperty("Detach", false);
    start.addProperty("Tty", terminal);
    return ProcessStream.open(
        docker,
        nameIn(containerId),
        "/exec/" + execId + "/start",
        start.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Where Docker takes the size of its terminal; empty when it has none. */
  Optional<String> resizePath() {
    return terminal ? Optional.of("/exec/" + execId + "/resize") : Optional.empty();
  }

  /**
   * Waits for its end. Docker notes the exit code a moment after the output has ended; a command
   * that closes its output and goes on takes as long as it takes.
   *
   * @param givenUp asked all the time; true ends the waiting
   * @return empty when it was given up
   * @throws CriException UNKNOWN when its process is gone and Docker has not noted that for 10 s
   */
  OptionalInt exitCode(BooleanSupplier givenUp) {
    long deadline = System.nanoTime() + EXIT_CODE.toNanos();
    Duration pause = LOOK_AGAIN;
    while (!givenUp.getAsBoolean()) {
      InspectExecResponse exec = inspect();
      Long code = exec.getExitCodeLong();
      if (!Boolean.TRUE.equals(exec.isRunning()) && code != null) {
        return OptionalInt.of(code.intValue());
      }
      if (ProcessGroup.isIn(pid(exec), containerId)) {
        deadline = System.nanoTime() + EXIT_CODE.toNanos();
      }
      if (System.nanoTime() > deadline) {
        throw new CriException(
            Code.UNKNOWN, "exec " + execId + ": its output has ended but Docker says that it runs");
      }
      pause(pause);
      pause = Collections.min(List.of(pause.multipliedBy(2), LOOK_AGAIN_AT_LAST));
    }
    return OptionalInt.empty();
  }

  /** Kills the command with all that it started, and answers whether it is gone. */
  boolean kill() {
    long deadline = System.nanoTime() + KILL.toNanos();
    try {
      while (System.nanoTime() < deadline) {
        InspectExecResponse exec = inspect();
        if (exec.getExitCodeLong() != null && !Boolean.TRUE.equals(exec.isRunning())) {
          return true;
        }
        // One that is only just starting has no process yet, and does not run either.
        long pid = pid(exec);
        if (pid > 0 && !ProcessGroup.kill(pid, containerId)) {
          log.warn(
              "exec {} in container {}: its process {} is not to be seen in the container here",
              execId,
              containerId,
              pid);
          return false;
        }
        pause(LOOK_AGAIN);
      }
      log.warn("exec {} in container {} still runs after being killed", execId, containerId);
      return false;
    } catch (RuntimeException e) {
      log.warn(
          "exec {} in container {} could not be killed: {}", execId, containerId, e.toString());
      return false;
    }
  }

  private InspectExecResponse inspect() {
    return docker.client().inspectExecCmd(execId).exec();
  }

  private static long pid(InspectExecResponse exec) {
    Long pid = exec.getPidLong();
    return pid == null ? 0 : pid;
  }

  private void pause(Duration length) {
    try {
      Thread.sleep(length);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CriException(Code.CANCELLED, "exec " + execId + ": interrupted", e);
    }
  }
}
