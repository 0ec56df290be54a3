package io.intermodal.docker.output;

import com.github.dockerjava.api.model.LogConfig;
import io.intermodal.docker.api.DockerApi;
import io.intermodal.docker.api.DockerLogSource;
import io.intermodal.runtime.node.LogSource;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Gives each container's output as a {@link LogSource}.
 *
 * <p>The files do not say when a container has ended: {@link #ended} does, and is to be called when
 * Docker says that it has exited, for then everything is in the files.
 */
public final class ContainerOutput implements AutoCloseable {
  /**
   * How Docker is to keep the output of containers made here, whatever its own log driver is. The
   * bound is what a container may write while nobody reads, during a restart of ours for instance.
   * Compression would cost Docker more than all else and hide rotated files from us.
   */
  private static final Map<String, String> BOUNDS =
      Map.of("max-size", "20m", "max-file", "3", "compress", "false");

  private final DockerApi docker;
  private final Supplier<Path> dockerRoot;
  private final OutputWatch watch = new OutputWatch();
  private final Map<String, End> ends = new ConcurrentHashMap<>();

  /**
   * The output of one Docker's containers.
   *
   * @param dockerRoot Docker's root folder
   */
  public ContainerOutput(DockerApi docker, Supplier<Path> dockerRoot) {
    this.docker = docker;
    this.dockerRoot = dockerRoot;
  }

  /** What a container's create request says about its log. */
  public static LogConfig config() {
    return new LogConfig(LogConfig.LoggingType.LOCAL, BOUNDS);
  }

  /**
   * The output of a container that was started.
   *
   * @param tty whether it has a terminal
   */
  public LogSource of(String containerId, boolean tty) {
    End end = ends.computeIfAbsent(containerId, _ -> new End());
    return since -> {
      Path file =
          dockerRoot
              .get()
              .resolve("containers")
              .resolve(containerId)
              .resolve("local-logs")
              .resolve("container.log");
      Optional<LocalLogStream> stream = LocalLogStream.open(file, since, watch, end);
      return stream.isPresent()
          ? stream.get()
          : new DockerLogSource(docker, containerId, tty).open(since);
    };
  }

  /** Says that the container has ended and that Docker has written all of its output. */
  public void ended(String containerId) {
    End end = ends.get(containerId);
    if (end != null) {
      end.reach();
    }
  }

  /** Forgets a container that is gone; an open stream ends where the files end. */
  public void forget(String containerId) {
    End end = ends.remove(containerId);
    if (end != null) {
      end.reach();
    }
  }

  /** Ends the watching; open streams fail at their next wait. */
  @Override
  public void close() {
    watch.close();
  }

  /** Whether a container has ended, and who wants to know. */
  static final class End {
    private volatile boolean reached;
    private final Set<OutputWatch.Waiter> waiters = ConcurrentHashMap.newKeySet();

    boolean reached() {
      return reached;
    }

    void reach() {
      reached = true;
      waiters.forEach(OutputWatch.Waiter::wake);
    }

    void tell(OutputWatch.Waiter waiter) {
      waiters.add(waiter);
      if (reached) {
        waiter.wake();
      }
    }

    void leave(OutputWatch.Waiter waiter) {
      waiters.remove(waiter);
    }
  }
}
