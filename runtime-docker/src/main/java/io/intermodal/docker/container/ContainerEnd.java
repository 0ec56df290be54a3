package io.intermodal.docker.container;

import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import io.intermodal.cri.v1.Mount;
import io.intermodal.docker.api.DockerApi;
import io.intermodal.docker.api.DockerErrors;
import io.intermodal.docker.index.Index;
import io.intermodal.docker.index.IndexFeed;
import io.intermodal.docker.volume.ImageVolumes;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.node.ContainerLogs;
import java.time.Duration;

/**
 * Ends and removes containers. What has ended or is gone already is a success, also when two calls
 * race. When a method returns, the index shows the result.
 */
public final class ContainerEnd {
  private static final Duration REMOVAL_BY_ANOTHER = Duration.ofSeconds(30);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  private final DockerApi docker;
  private final Index index;
  private final IndexFeed feed;
  private final ContainerLogs logs;
  private final OverdueEnds overdue;
  private final ImageVolumes volumes;

  public ContainerEnd(
      DockerApi docker,
      Index index,
      IndexFeed feed,
      ContainerLogs logs,
      OverdueEnds overdue,
      ImageVolumes volumes) {
    this.docker = docker;
    this.index = index;
    this.feed = feed;
    this.logs = logs;
    this.overdue = overdue;
    this.volumes = volumes;
  }

  /**
   * Sends the container's stop signal and, if it still runs after the grace period, kills it.
   *
   * @param graceSeconds 0 kills at once after the signal
   */
  public void stop(String id, int graceSeconds) {
    try {
      overdue.whileEnding(
          id,
          graceSeconds,
          () -> docker.client().stopContainerCmd(id).withTimeout(graceSeconds).exec());
    } catch (NotFoundException | NotModifiedException e) {
      // It has ended or is gone: what was asked for.
    } catch (RuntimeException e) {
      throw DockerErrors.of("container " + id, e);
    }
    refresh(id);
  }

  /** Kills the container. */
  public void kill(String id) {
    try {
      docker.client().killContainerCmd(id).exec();
    } catch (NotFoundException | ConflictException e) {
      // It is gone, or not running any more: what was asked for.
    } catch (RuntimeException e) {
      throw DockerErrors.of("container " + id, e);
    }
    // The kill returns when the signal is sent; the stop waits for the end.
    stop(id, 0);
  }

  /**
   * Removes the container with its anonymous volumes, killing it first if it runs, and the image
   * volumes that it was the last to use.
   */
  public void remove(String id) {
    boolean hasImages =
        index.container(id).stream()
            .flatMap(container -> container.status().getMountsList().stream())
            .anyMatch(Mount::hasImage);
    try {
      overdue.whileEnding(
          id,
          0,
          () ->
              docker
                  .client()
                  .removeContainerCmd(id)
                  .withForce(true)
                  .withRemoveVolumes(true)
                  .exec());
    } catch (NotFoundException e) {
      // It is gone: what was asked for.
    } catch (ConflictException e) {
      awaitRemovalByAnother(id, e);
    } catch (RuntimeException e) {
      throw DockerErrors.of("container " + id, e);
    }
    index.remove(id);
    logs.forget(id);
    if (hasImages) {
      volumes.release();
    }
  }

  /** Docker refuses while another call removes the same container; the result is the same. */
  private void awaitRemovalByAnother(String id, ConflictException refusal) {
    long deadline = System.nanoTime() + REMOVAL_BY_ANOTHER.toNanos();
    while (System.nanoTime() < deadline) {
      try {
        docker.client().inspectContainerCmd(id).exec();
        Thread.sleep(LOOK_AGAIN);
      } catch (NotFoundException e) {
        return;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CriException(Code.CANCELLED, "container " + id + ": interrupted", e);
      } catch (RuntimeException e) {
        throw DockerErrors.of("container " + id, e);
      }
    }
    throw DockerErrors.of("container " + id, refusal);
  }

  private void refresh(String id) {
    try {
      feed.refresh(id);
    } catch (RuntimeException e) {
      throw DockerErrors.of("container " + id, e);
    }
  }
}
