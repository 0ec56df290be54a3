package io.intermodal.docker.container;

import com.github.dockerjava.api.exception.NotModifiedException;
import io.intermodal.cri.v1.StartContainerRequest;
import io.intermodal.cri.v1.StartContainerResponse;
import io.intermodal.docker.api.DockerApi;
import io.intermodal.docker.api.DockerErrors;
import io.intermodal.docker.index.Container;
import io.intermodal.docker.index.Index;
import io.intermodal.docker.index.IndexFeed;
import io.intermodal.docker.volume.SubPath;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.contract.Timestamps;
import java.time.Clock;
import java.util.Optional;

/**
 * StartContainer: one call to the engine, and the log opened. What the engine says of a command
 * that cannot run reaches the caller and stays in the status.
 */
public final class StartContainer {
  private final DockerApi docker;
  private final Index index;
  private final IndexFeed feed;
  private final FurtherLimits limits;
  private final Clock clock;

  public StartContainer(
      DockerApi docker, Index index, IndexFeed feed, FurtherLimits limits, Clock clock) {
    this.docker = docker;
    this.index = index;
    this.feed = feed;
    this.limits = limits;
    this.clock = clock;
  }

  public StartContainerResponse start(StartContainerRequest request, Call call) {
    Container container = Containers.named(request.getContainerId(), index, call);
    if (container.wasStarted()) {
      throw CriException.failedPrecondition(
          "container %s was started before: create a new one".formatted(container.id()));
    }
    index.starting(container.id());
    try {
      // The time before the start: an end that is seen first is then later than this.
      long now = Timestamps.now(clock);
      start(container);
      index.started(container.id(), now);
    } finally {
      index.startEnded(container.id());
    }
    feed.attend(container);
    limits.apply(container);
    return StartContainerResponse.getDefaultInstance();
  }

  private void start(Container container) {
    String id = container.id();
    try {
      docker.client().startContainerCmd(id).exec();
    } catch (NotModifiedException e) {
      // It runs: what was asked for.
    } catch (RuntimeException e) {
      feed.refresh(id);
      throw imageWithoutPath(container, DockerErrors.message(e))
          .orElseGet(() -> DockerErrors.of("container " + id, e));
    }
  }

  /** Docker looks for the part of an image that it mounts only now, and calls it not found. */
  private static Optional<CriException> imageWithoutPath(Container container, String said) {
    if (!said.contains("cannot access path") && !said.contains("escapes the base directory")) {
      return Optional.empty();
    }
    return container.status().getMountsList().stream()
        .filter(mount -> !mount.getImageSubPath().isEmpty())
        .filter(mount -> said.contains(mount.getImageSubPath()))
        .findFirst()
        .map(mount ->
            SubPath.missing(
                "container %s: mount \"%s\"".formatted(container.id(), mount.getContainerPath()),
                mount.getImage().getImage(),
                mount.getImageSubPath()));
  }
}
