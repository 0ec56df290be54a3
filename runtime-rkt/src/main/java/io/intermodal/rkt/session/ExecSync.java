package io.intermodal.rkt.session;

import io.intermodal.cri.v1.ExecSyncRequest;
import io.intermodal.cri.v1.ExecSyncResponse;
import io.intermodal.rkt.container.Containers;
import io.intermodal.rkt.index.Container;
import io.intermodal.rkt.index.Index;
import io.intermodal.rkt.session.ExecSession.Outcome;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.streaming.CollectedOutput;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * ExecSync: a command in a running container, its output (16 MiB at most) and exit code. At the
 * timeout the command is killed and the answer is DEADLINE_EXCEEDED.
 */
public final class ExecSync {
  private static final int MOST_OUTPUT = 16 * 1024 * 1024;
  private static final String OVER = "ended";

  private final Index index;
  private final EnterProgram enter;

  public ExecSync(Index index, EnterProgram enter) {
    this.index = index;
    this.enter = enter;
  }

  public ExecSyncResponse run(ExecSyncRequest request, Call call) {
    Exec.requireCommand(request.getCmdList());
    if (request.getTimeout() < 0) {
      throw CriException.invalid(
          "timeout: %d (expected: seconds, 0 for none)".formatted(request.getTimeout()));
    }
    Container container = Containers.running(request.getContainerId(), index, call);
    CollectedOutput output = new CollectedOutput(MOST_OUTPUT);
    CompletableFuture<String> waitingEnded = new CompletableFuture<>();
    CompletableFuture<Void> _ = waitingEnded.thenRun(output::leave);
    if (request.getTimeout() > 0) {
      CompletableFuture<String> _ =
          waitingEnded.completeOnTimeout(
              "took longer than %d s".formatted(request.getTimeout()),
              request.getTimeout(),
              TimeUnit.SECONDS);
    }
    call.onCancel(() -> waitingEnded.complete("was given up by its caller"));
    try {
      return switch (new ExecSession(index, enter, container.id(), request.getCmdList())
          .run(output)) {
        case Outcome.Exited(int code) ->
            ExecSyncResponse.newBuilder()
                .setStdout(output.output())
                .setStderr(output.errors())
                .setExitCode(code)
                .build();
        case Outcome.Abandoned(boolean killed) ->
            throw new CriException(
                Code.DEADLINE_EXCEEDED,
                "exec in container %s %s and %s"
                    .formatted(
                        container.id(),
                        waitingEnded.join(),
                        killed ? "was killed" : "could not be killed"));
      };
    } finally {
      waitingEnded.complete(OVER);
    }
  }
}
