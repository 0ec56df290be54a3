package io.intermodal.docker.api;

import com.github.dockerjava.api.command.InspectExecResponse;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import com.google.protobuf.ByteString;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a command in a container to its end and collects what it says.
 *
 * <p>Docker cannot kill such a command; at the timeout it is done here, by its process id, with
 * everything that it started.
 */
public final class ExecRun {
  private static final Logger log = LoggerFactory.getLogger(ExecRun.class);
  private static final int MOST_OUTPUT = 16 * 1024 * 1024;
  private static final int FRAME_HEADER = 8;
  private static final int STDERR = 2;
  private static final String OVER = "ended by itself";
  private static final String CONTAINER_ENDED = "ended with its container";
  private static final Duration CONTAINER_LOOK = Duration.ofMillis(200);
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);
  private static final Duration EXIT_CODE = Duration.ofSeconds(10);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(5);

  private final DockerApi docker;

  /**
   * What became of it.
   *
   * @param stdout at most 16 MiB together with stderr; what came after that was dropped
   */
  public record Result(ByteString stdout, ByteString stderr, int exitCode) {}

  public ExecRun(DockerApi docker) {
    this.docker = docker;
  }

  /**
   * Runs the command and waits for its end.
   *
   * @param timeout after which the command is killed; empty for none
   * @param containerRuns whether the container still runs; asked for as long as the command does
   * @throws CriException DEADLINE_EXCEEDED at the timeout, when the command is gone; UNKNOWN when
   *     the container ended first and took the command's result along
   */
  public Result run(
      String containerId,
      List<String> command,
      Optional<Duration> timeout,
      BooleanSupplier containerRuns,
      Call call) {
    String object = "exec in container " + containerId;
    try {
      String execId =
          docker
              .client()
              .execCreateCmd(containerId)
              .withCmd(command.toArray(String[]::new))
              .withAttachStdout(true)
              .withAttachStderr(true)
              .exec()
              .getId();
      return attended(containerId, execId, timeout, containerRuns, call);
    } catch (RuntimeException e) {
      throw DockerErrors.of(object, e);
    }
  }

  private Result attended(
      String containerId,
      String execId,
      Optional<Duration> timeout,
      BooleanSupplier containerRuns,
      Call call) {
    String object = "exec in container " + containerId;
    byte[] start = "{\"Detach\":false,\"Tty\":false}".getBytes(StandardCharsets.UTF_8);
    CompletableFuture<String> ended = new CompletableFuture<>();
    try (Response answer = docker.send("POST", "/exec/" + execId + "/start", start)) {
      if (answer.getStatusCode() != 200) {
        throw refused(object, answer);
      }
      CompletableFuture<Boolean> killed =
          ended.thenApplyAsync(
              why ->
                  why.equals(OVER)
                      || why.equals(CONTAINER_ENDED)
                      || kill(containerId, execId, answer),
              task -> Thread.ofVirtual().name("exec-end").start(task));
      timeout.ifPresent(limit -> expire(ended, limit));
      call.onCancel(() -> ended.complete("was given up by its caller"));
      Thread.ofVirtual()
          .name("exec-container")
          .start(() -> closeAfterContainer(containerRuns, ended, answer));
      Output output = new Output();
      output.readAll(answer.getBody(), ended);
      boolean over = ended.complete(OVER);
      if (!over && ended.join().equals(CONTAINER_ENDED)) {
        throw new CriException(
            Code.UNKNOWN, object + ": the container ended, and Docker lost the command's result");
      }
      if (!over) {
        throw new CriException(
            Code.DEADLINE_EXCEEDED,
            "%s %s and %s"
                .formatted(
                    object, ended.join(), killed.join() ? "was killed" : "could not be killed"));
      }
      return new Result(
          output.stdout.toByteString(), output.stderr.toByteString(), exitCode(execId));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Docker 20.10 sometimes never ends the stream of a command whose container ends at the same
   * moment; others end it within this time.
   */
  private static void closeAfterContainer(
      BooleanSupplier containerRuns, CompletableFuture<String> ended, Response answer) {
    try {
      while (!ended.isDone() && containerRuns.getAsBoolean()) {
        Thread.sleep(CONTAINER_LOOK);
      }
      ended.copy().completeOnTimeout(OVER, LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS).join();
      if (ended.complete(CONTAINER_ENDED)) {
        answer.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void expire(CompletableFuture<String> ended, Duration limit) {
    CompletableFuture<String> _ =
        ended.completeOnTimeout(
            "took longer than %d s".formatted(limit.toSeconds()),
            limit.toNanos(),
            TimeUnit.NANOSECONDS);
  }

  private static CriException refused(String object, Response answer) throws IOException {
    String said = new String(answer.getBody().readNBytes(4096), StandardCharsets.UTF_8);
    Code code = answer.getStatusCode() == 409 ? Code.FAILED_PRECONDITION : Code.UNKNOWN;
    return new CriException(code, object + ": " + said.strip());
  }

  /** Kills the command, and answers whether it is gone. */
  private boolean kill(String containerId, String execId, Response answer) {
    long deadline = System.nanoTime() + EXIT_CODE.toNanos();
    try {
      while (System.nanoTime() < deadline) {
        InspectExecResponse exec = inspect(execId);
        // One that is only just starting has no process yet, and does not run either.
        Long pid = exec.getPidLong();
        if (exec.getExitCodeLong() != null && !Boolean.TRUE.equals(exec.isRunning())) {
          return true;
        }
        if (pid != null && pid > 0 && !ProcessGroup.kill(pid, containerId)) {
          log.warn(
              "exec {} in container {}: its process {} is not to be seen in the container here",
              execId,
              containerId,
              pid);
          return false;
        }
        Thread.sleep(LOOK_AGAIN);
      }
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (RuntimeException e) {
      log.warn(
          "exec {} in container {} could not be killed: {}", execId, containerId, e.toString());
      return false;
    } finally {
      answer.close();
    }
  }

  /** The stream ends a moment before Docker has noted the exit code. */
  private int exitCode(String execId) {
    long deadline = System.nanoTime() + EXIT_CODE.toNanos();
    while (true) {
      InspectExecResponse exec = inspect(execId);
      Long code = exec.getExitCodeLong();
      if (!Boolean.TRUE.equals(exec.isRunning()) && code != null) {
        return code.intValue();
      }
      if (System.nanoTime() > deadline) {
        throw new CriException(
            Code.UNKNOWN, "exec " + execId + ": its output has ended but Docker says that it runs");
      }
      try {
        Thread.sleep(LOOK_AGAIN);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CriException(Code.CANCELLED, "exec " + execId + ": interrupted", e);
      }
    }
  }

  private InspectExecResponse inspect(String execId) {
    return docker.client().inspectExecCmd(execId).exec();
  }

  private static final class Output {
    final ByteString.Output stdout = ByteString.newOutput();
    final ByteString.Output stderr = ByteString.newOutput();

    /** Reads frames to the end; a stream that was cut off by the timeout ends early. */
    void readAll(InputStream in, CompletableFuture<String> ended) throws IOException {
      byte[] header = new byte[FRAME_HEADER];
      byte[] buffer = new byte[32 * 1024];
      try {
        while (in.readNBytes(header, 0, FRAME_HEADER) == FRAME_HEADER) {
          int left = ByteBuffer.wrap(header).getInt(4);
          while (left > 0) {
            int count = in.read(buffer, 0, Math.min(left, buffer.length));
            if (count < 0) {
              return;
            }
            take(header[0] == STDERR ? stderr : stdout, buffer, count);
            left -= count;
          }
        }
      } catch (IOException e) {
        if (!ended.isDone()) {
          throw e;
        }
      }
    }

    private void take(ByteString.Output into, byte[] buffer, int count) {
      int room = MOST_OUTPUT - stdout.size() - stderr.size();
      into.write(buffer, 0, Math.min(count, room));
    }
  }
}
