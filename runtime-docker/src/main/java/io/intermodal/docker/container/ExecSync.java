package io.intermodal.docker.container;

import io.intermodal.cri.v1.ContainerState;
import io.intermodal.cri.v1.ExecSyncRequest;
import io.intermodal.cri.v1.ExecSyncResponse;
import io.intermodal.docker.api.DockerApi;
import io.intermodal.docker.api.ExecRun;
import io.intermodal.docker.index.Container;
import io.intermodal.docker.index.Index;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import java.time.Duration;
import java.util.Optional;

/**
 * ExecSync: a command in a running container, its output (16 MiB at most) and exit code. At the
 * timeout the command is killed and the answer is DEADLINE_EXCEEDED.
 */
public final class ExecSync {
  private final DockerApi docker;
  private final Index index;

  public ExecSync(DockerApi docker, Index index) {
    this.docker = docker;
    this.index = index;
  }

  public ExecSyncResponse run(ExecSyncRequest request, Call call) {
    if (request.getCmdList().isEmpty()) {
      throw CriException.invalid("cmd: empty (expected: a command and its arguments)");
    }
    if (request.getTimeout() < 0) {
      throw CriException.invalid(
          "timeout: %d (expected: seconds, 0 for none)".formatted(request.getTimeout()));
    }
    Container container = Containers.running(request.getContainerId(), index, call);
    Optional<Duration> timeout =
        Optional.of(request.getTimeout()).filter(s -> s > 0).map(Duration::ofSeconds);
    ExecRun.Result result =
        new ExecRun(docker)
            .run(container.id(), request.getCmdList(), timeout, () -> runs(container.id()), call);
    return ExecSyncResponse.newBuilder()
        .setStdout(result.stdout())
        .setStderr(result.stderr())
        .setExitCode(result.exitCode())
        .build();
  }

  private boolean runs(String containerId) {
    return index
        .container(containerId)
        .map(container -> container.state() == ContainerState.CONTAINER_RUNNING)
        .orElse(false);
  }
}
