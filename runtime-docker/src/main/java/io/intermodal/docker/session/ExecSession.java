package io.intermodal.docker.session;

import io.intermodal.docker.api.DockerApi;
import io.intermodal.docker.api.DockerErrors;
import io.intermodal.docker.session.ProcessStream.End;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.streaming.Session;
import io.intermodal.runtime.streaming.SessionStreams;
import io.intermodal.runtime.streaming.WantedStreams;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/**
 * A command that is run in a container for one client, which it does not outlive.
 *
 * <p>A command that cannot be started is no error: Docker writes why to the output, and the exit
 * code is 126 or 127.
 */
final class ExecSession implements Session {
  private final DockerApi docker;
  private final String containerId;
  private final List<String> command;
  private final ContainerLife container;

  /** What became of the command. */
  sealed interface Outcome {
    /** It ended by itself. */
    record Exited(int code) implements Outcome {}

    /**
     * The client went away before.
     *
     * @param killed whether the command and all that it started are gone
     */
    record Abandoned(boolean killed) implements Outcome {}
  }

  /**
   * A command to be run.
   *
   * @param container asked for as long as the command lasts
   */
  ExecSession(DockerApi docker, String containerId, List<String> command, ContainerLife container) {
    this.docker = docker;
    this.containerId = containerId;
    this.command = List.copyOf(command);
    this.container = container;
  }

  /** {@inheritDoc} */
  @Override
  public int attend(SessionStreams client) {
    return switch (run(client)) {
      case Outcome.Exited(int code) -> code;
      case Outcome.Abandoned _ -> -1;
    };
  }

  /**
   * Runs the command and waits for its end, or for the client's.
   *
   * @throws CriException NOT_FOUND or FAILED_PRECONDITION when the container is gone or does not
   *     run; UNKNOWN when the container ended first and took the command's result along;
   *     UNAVAILABLE when Docker went away
   */
  Outcome run(SessionStreams client) {
    WantedStreams wanted = client.wanted();
    try {
      ExecProcess process = ExecProcess.create(docker, containerId, command, wanted);
      try (ProcessStream stream = process.start()) {
        return attended(client, process, stream);
      }
    } catch (RuntimeException e) {
      throw DockerErrors.of(ExecProcess.nameIn(containerId), e);
    }
  }

  private Outcome attended(SessionStreams client, ExecProcess process, ProcessStream stream) {
    CompletableFuture<Boolean> killed =
        stream
            .end()
            .thenApplyAsync(
                end -> end == End.CLIENT_GONE && killed(process, stream),
                task -> Thread.ofVirtual().name("docker-exec-end").start(task));
    client.onGone(stream::clientGone);
    stream.carry(client, process.resizePath(), container);
    OptionalInt code = process.exitCode(stream::ended);
    return switch (stream.end(End.OVER)) {
      case OVER -> new Outcome.Exited(code.orElseThrow());
      case CLIENT_GONE -> new Outcome.Abandoned(killed.join());
      case CONTAINER_ENDED ->
          throw new CriException(
              Code.UNKNOWN,
              ExecProcess.nameIn(containerId)
                  + ": the container ended, and Docker lost the command's result");
    };
  }

  private static boolean killed(ExecProcess process, ProcessStream stream) {
    // First, since Docker answers nothing about a command whose output it cannot get rid of.
    stream.hangUp();
    return process.kill();
  }
}
