package io.intermodal.docker.checkpoint;

import com.github.dockerjava.transport.DockerHttpClient.Response;
import com.google.gson.JsonObject;
import io.intermodal.cri.v1.CheckpointContainerRequest;
import io.intermodal.cri.v1.CheckpointContainerResponse;
import io.intermodal.docker.api.DockerApi;
import io.intermodal.docker.api.DockerErrors;
import io.intermodal.docker.container.Containers;
import io.intermodal.docker.index.Container;
import io.intermodal.docker.index.Index;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.SingleFlight;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/**
 * CheckpointContainer: the state of a running container as one file, from which the container goes
 * on running. Docker does this when its experimental features are on and CRIU is installed.
 */
public final class CheckpointContainer {
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final int NOT_IMPLEMENTED = 501;

  private final DockerApi docker;
  private final Index index;
  private final Clock clock;
  private final SingleFlight<Checkpoint, Boolean> checkpoints = new SingleFlight<>();

  private record Checkpoint(String id, Path location, Duration limit) {
    @Override
    public String toString() {
      return "checkpoint of container " + id;
    }
  }

  public CheckpointContainer(DockerApi docker, Index index, Clock clock) {
    this.docker = docker;
    this.index = index;
    this.clock = clock;
  }

  public CheckpointContainerResponse checkpoint(CheckpointContainerRequest request, Call call) {
    Path location = location(request.getLocation());
    if (request.getTimeout() < 0) {
      throw CriException.invalid(
          "timeout: %d (expected: seconds, 0 or more)".formatted(request.getTimeout()));
    }
    Container container = Containers.running(request.getContainerId(), index, call);
    Duration limit =
        request.getTimeout() == 0 || request.getTimeout() > LONGEST.toSeconds()
            ? LONGEST
            : Duration.ofSeconds(request.getTimeout());
    Checkpoint checkpoint = new Checkpoint(container.id(), location, limit);
    checkpoints.run(
        checkpoint,
        call,
        _ -> {
          write(checkpoint, container);
          return Boolean.TRUE;
        });
    return CheckpointContainerResponse.getDefaultInstance();
  }

  private static Path location(String text) {
    try {
      Path location = Path.of(text);
      if (location.isAbsolute() && location.getFileName() != null) {
        return location;
      }
    } catch (InvalidPathException e) {
      throw new CriException(Code.INVALID_ARGUMENT, "location is no path: " + e.getMessage(), e);
    }
    throw CriException.invalid(
        "location: \"%s\" (expected: the absolute path of the file to write)".formatted(text));
  }

  private void write(Checkpoint checkpoint, Container container) {
    Path location = checkpoint.location();
    if (Files.exists(location, LinkOption.NOFOLLOW_LINKS)) {
      throw new CriException(
          Code.ALREADY_EXISTS,
          "%s: %s exists: give another location".formatted(checkpoint, location));
    }
    try (CheckpointArchive archive = CheckpointArchive.beside(location, checkpoint.limit())) {
      RunningProcess process = find(checkpoint);
      archive.describe(container, clock.instant());
      dump(checkpoint, archive.folder());
      archive.take(process, docker.client().containerDiffCmd(checkpoint.id()).exec());
      archive.finish(location);
    } catch (IOException e) {
      throw new CriException(
          Code.FAILED_PRECONDITION,
          "%s: %s cannot be written: %s".formatted(checkpoint, location, e),
          e);
    } catch (RuntimeException e) {
      throw DockerErrors.of(checkpoint.toString(), e);
    }
  }

  private RunningProcess find(Checkpoint checkpoint) {
    return RunningProcess.of(
        docker.client().inspectContainerCmd(checkpoint.id()).exec(), checkpoint.toString());
  }

  private void dump(Checkpoint checkpoint, Path folder) throws IOException {
    JsonObject body = new JsonObject();
    body.addProperty("CheckpointID", CheckpointArchive.PROCESSES);
    body.addProperty("CheckpointDir", folder.toString());
    body.addProperty("Exit", false);
    try (Response answer =
            docker.send(
                "POST",
                "/containers/%s/checkpoints".formatted(checkpoint.id()),
                body.toString().getBytes(StandardCharsets.UTF_8),
                checkpoint.limit());
        InputStream said = answer.getBody()) {
      int status = answer.getStatusCode();
      if (status / 100 != 2) {
        throw refused(checkpoint, status, new String(said.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
  }

  private static CriException refused(Checkpoint checkpoint, int status, String said) {
    CriException refusal = DockerErrors.refused(checkpoint.toString(), status, said);
    if (status == NOT_IMPLEMENTED) {
      return CriException.unimplemented(
          refusal.getMessage()
              + " Set \"experimental\": true in dockerd's daemon.json, and install criu");
    }
    if (said.contains("criu\\\": executable file not found")) {
      return CriException.failedPrecondition(
          refusal.getMessage() + ": install criu where dockerd finds it");
    }
    return refusal;
  }
}
