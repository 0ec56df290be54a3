package io.intermodal.docker.session;

import io.intermodal.cri.v1.ExecSyncRequest;
import io.intermodal.cri.v1.ExecSyncResponse;
import io.intermodal.docker.api.DockerApi;
import io.intermodal.docker.container.Containers;
import io.intermodal.docker.container.OverdueEnds;
import io.intermodal.docker.index.Container;
import io.intermodal.docker.index.Index;
import io.intermodal.docker.session.ExecSession.Outcome;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.streaming.CollectedOutput;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * ExecSync: a command in a running container, its output (16 MiB at most) and exit code. At the
 * timeout the command is killed and the answer is DEADLINE_EXCEEDED.
 */
public final class ExecSync {
  private static final int MOST_OUTPUT = 16 * 1024 * 1024;
  private static final String OVER = "ended";

  private final DockerApi docker;
  private final Index index;
  private final OverdueEnds overdue;

  public ExecSync(DockerApi docker, Index index, OverdueEnds overdue) {
    this.docker = docker;
    this.index = index;
    this.overdue = overdue;
  }

  public ExecSyncResponse run(ExecSyncRequest request, Call call) {
    Exec.requireCommand(request.getCmdList());
    if (request.getTimeout() < 0) {
      throw CriException.invalid(
          "timeout: %d (expected: seconds, 0 for none)".formatted(request.getTimeout()));
    }
    Container container = Containers.running(request.getContainerId(), index, call);
    Optional<Duration> timeout =
        Optional.of(request.getTimeout()).filter(s -> s > 0).map(Duration::ofSeconds);
    return run(
        docker,
        container.id(),
        request.getCmdList(),
        timeout,
        ContainerLife.of(container.id(), index, overdue),
        call);
  }

  /**
   * Runs the command and waits for its end.
   *
   * @param timeout after which the command is killed; empty for none
   * @param container asked for as long as the command lasts
   * @throws CriException DEADLINE_EXCEEDED at the timeout, when the command is gone; UNKNOWN when
   *     the container ended first and took the command's result along
   */
  static ExecSyncResponse run(
      DockerApi docker,
      String containerId,
      List<String> command,
      Optional<Duration> timeout,
      ContainerLife container,
      Call call) {
    CollectedOutput output = new CollectedOutput(MOST_OUTPUT);
    CompletableFuture<String> waitingEnded = new CompletableFuture<>();
    CompletableFuture<Void> _ = waitingEnded.thenRun(output::leave);
    timeout.ifPresent(limit -> expire(waitingEnded, limit));
    call.onCancel(() -> waitingEnded.complete("was given up by its caller"));
    try {
      return switch (new ExecSession(docker, containerId, command, container).run(output)) {
        case Outcome.Exited(int code) ->
            ExecSyncResponse.newBuilder()
                .setStdout(output.output())
                .setStderr(output.errors())
                .setExitCode(code)
                .build();
        case Outcome.Abandoned(boolean killed) ->
            throw new CriException(
                Code.DEADLINE_EXCEEDED,
                "%s %s and %s"
                    .formatted(
                        ExecProcess.nameIn(containerId),
                        waitingEnded.join(),
                        killed ? "was killed" : "could not be killed"));
      };
    } finally {
      waitingEnded.complete(OVER);
    }
  }

  private static void expire(CompletableFuture<String> waitingEnded, Duration limit) {
    CompletableFuture<String> _ =
        waitingEnded.completeOnTimeout(
            "took longer than %d s".formatted(limit.toSeconds()),
            limit.toNanos(),
            TimeUnit.NANOSECONDS);
  }
}
