package io.intermodal.tests.cri;

import com.google.protobuf.ByteString;
import io.intermodal.cri.v1.AttachRequest;
import io.intermodal.cri.v1.ContainerConfig;
import io.intermodal.cri.v1.ContainerState;
import io.intermodal.cri.v1.ContainerStatus;
import io.intermodal.cri.v1.ContainerStatusRequest;
import io.intermodal.cri.v1.ExecRequest;
import io.intermodal.cri.v1.ExecSyncRequest;
import io.intermodal.cri.v1.ExecSyncResponse;
import io.intermodal.cri.v1.RemoveContainerRequest;
import io.intermodal.cri.v1.ReopenContainerLogRequest;
import io.intermodal.cri.v1.StartContainerRequest;
import io.intermodal.cri.v1.StopContainerRequest;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.HostProcess;
import io.intermodal.tests.host.LogFile;
import io.intermodal.tests.streaming.Streams;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A container that was created.
 *
 * @param id the runtime's
 * @param config what was asked for
 */
public record Container(Cri cri, String id, Pod pod, ContainerConfig config) {
  private static final Duration EXIT = Duration.ofSeconds(60);

  public void start() {
    var _ =
        cri.runtime().startContainer(StartContainerRequest.newBuilder().setContainerId(id).build());
  }

  /** Stops it; it gets SIGKILL after the time given. */
  public void stop(long timeoutSeconds) {
    var _ =
        cri.runtime()
            .stopContainer(
                StopContainerRequest.newBuilder()
                    .setContainerId(id)
                    .setTimeout(timeoutSeconds)
                    .build());
  }

  public void remove() {
    var _ =
        cri.runtime()
            .removeContainer(RemoveContainerRequest.newBuilder().setContainerId(id).build());
  }

  public ContainerStatus status() {
    return cri.runtime()
        .containerStatus(ContainerStatusRequest.newBuilder().setContainerId(id).build())
        .getStatus();
  }

  public ContainerState state() {
    return status().getState();
  }

  /** Waits until it has ended and returns the status that says so. */
  public ContainerStatus awaitExit() {
    Await.until(
        "container " + id + " has ended", EXIT, () -> state() == ContainerState.CONTAINER_EXITED);
    return status();
  }

  /** Runs a shell script in it. */
  public ExecSyncResponse exec(String script) {
    return exec(List.of("/bin/sh", "-c", script), 30);
  }

  /** Runs a command in it, for so many seconds at most; 0 is without limit. */
  public ExecSyncResponse exec(List<String> command, long timeoutSeconds) {
    return cri.runtime()
        .execSync(
            ExecSyncRequest.newBuilder()
                .setContainerId(id)
                .addAllCmd(command)
                .setTimeout(timeoutSeconds)
                .build());
  }

  /** What a shell script in it prints, without the last line's end. */
  public String output(String script) {
    ExecSyncResponse answer = exec(script);
    if (answer.getExitCode() != 0) {
      throw new AssertionError(
          "%s: exit code %d: %s%s"
              .formatted(
                  script,
                  answer.getExitCode(),
                  text(answer.getStdout()),
                  text(answer.getStderr())));
    }
    return text(answer.getStdout()).stripTrailing();
  }

  /** The URL of a session with a command that starts when a client comes. */
  public String execUrl(Streams streams, List<String> command) {
    return cri.runtime()
        .exec(
            ExecRequest.newBuilder()
                .setContainerId(id)
                .addAllCmd(command)
                .setStdin(streams.stdin())
                .setStdout(streams.stdout())
                .setStderr(streams.stderr())
                .setTty(streams.tty())
                .build())
        .getUrl();
  }

  /** The URL of a session with its first process. */
  public String attachUrl(Streams streams) {
    return cri.runtime()
        .attach(
            AttachRequest.newBuilder()
                .setContainerId(id)
                .setStdin(streams.stdin())
                .setStdout(streams.stdout())
                .setStderr(streams.stderr())
                .setTty(streams.tty())
                .build())
        .getUrl();
  }

  public static String text(ByteString bytes) {
    return bytes.toStringUtf8();
  }

  public Path logPath() {
    return Path.of(pod.config().getLogDirectory()).resolve(config.getLogPath());
  }

  public LogFile log() {
    return new LogFile(logPath());
  }

  /** Tells the runtime that the log file was moved away. */
  public void reopenLog() {
    var _ =
        cri.runtime()
            .reopenContainerLog(ReopenContainerLogRequest.newBuilder().setContainerId(id).build());
  }

  /** Its first process on the host, as soon as that is the container's own and no more runc's. */
  public HostProcess process() {
    return Await.value(
        "container " + id + " runs its own program",
        EXIT,
        () ->
            Optional.of(HostProcess.mainOf(id))
                .filter(process -> !process.commandLine().startsWith("runc init")));
  }
}
