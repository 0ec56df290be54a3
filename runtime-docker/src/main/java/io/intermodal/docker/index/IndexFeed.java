package io.intermodal.docker.index;

import static java.util.concurrent.CompletableFuture.delayedExecutor;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.github.dockerjava.api.command.ListContainersCmd;
import com.github.dockerjava.api.exception.NotFoundException;
import io.intermodal.cri.v1.ContainerState;
import io.intermodal.docker.api.DockerApi;
import io.intermodal.docker.api.DockerEvents;
import io.intermodal.docker.api.EngineFacts;
import io.intermodal.docker.image.ImageIndex;
import io.intermodal.docker.output.ContainerOutput;
import io.intermodal.docker.spec.labels.LabelKeys;
import io.intermodal.docker.volume.ImageVolumes;
import io.intermodal.runtime.node.NodeServices;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the index true: reads everything after each connection to the engine, and what an event
 * names after each event. An event only says where to look; what is taken in is what the engine
 * says now, so it does not matter when and in which order events arrive.
 *
 * <p>Promise to readers: a container is shown as exited only when all that it wrote is in its log
 * file, or two seconds later when the log is in trouble.
 */
public final class IndexFeed implements DockerEvents.Listener {
  private static final Logger log = LoggerFactory.getLogger(IndexFeed.class);
  private static final int PARALLEL_INSPECTIONS = 8;
  private static final long LOG_PATIENCE_SECONDS = 2;
  private static final int LOCKS = 256;
  private static final int ATTEMPTS = 5;
  private static final Set<String> CHANGES =
      Set.of("create", "start", "die", "rename", "update", "pause", "unpause");

  private final DockerApi docker;
  private final Index index;
  private final ImageIndex images;
  private final ImageVolumes volumes;
  private final EngineState state;
  private final NodeServices node;
  private final Inspection inspection;
  private final ContainerOutput output;
  private final Belongings belongings;
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore inspections = new Semaphore(PARALLEL_INSPECTIONS);
  // A reading and its taking in are one step for each container, so an old one never comes last.
  private final ReentrantLock[] refreshing =
      Stream.generate(ReentrantLock::new).limit(LOCKS).toArray(ReentrantLock[]::new);
  private final AtomicBoolean swept = new AtomicBoolean();

  public IndexFeed(
      DockerApi docker,
      Index index,
      ImageIndex images,
      ImageVolumes volumes,
      EngineState state,
      NodeServices node,
      Inspection inspection,
      ContainerOutput output,
      Belongings belongings) {
    this.docker = docker;
    this.index = index;
    this.images = images;
    this.volumes = volumes;
    this.state = state;
    this.node = node;
    this.inspection = inspection;
    this.output = output;
    this.belongings = belongings;
  }

  @Override
  public void connected(EngineFacts facts) {
    state.learned(facts);
    images.refresh();
    readAll();
    if (swept.compareAndSet(false, true)) {
      node.network()
          .retainOnly(
              index.sandboxes().stream()
                  .filter(Sandbox::running)
                  .map(Sandbox::id)
                  .collect(Collectors.toUnmodifiableSet()));
      volumes.settle();
      belongings.retainOnly(index.ids());
    }
    index.loaded();
    state.up();
    log.info(
        "Docker {} answers: {} pods, {} containers",
        facts.version(),
        index.sandboxes().size(),
        index.containers().size());
  }

  @Override
  public void disconnected(String why) {
    if (state.down(why)) {
      log.warn("Docker is away, answering from what was known last: {}", why);
    }
  }

  @Override
  public void event(DockerEvents.Event event) {
    state.told();
    String id = event.id();
    if (event.type().equals("image")) {
      later("images", images::refresh);
    } else if (event.attributes().containsKey(LabelKeys.KEPT_IMAGE)) {
      if (event.action().equals("destroy")) {
        later("image volumes", volumes::settle);
      }
    } else if (!event.attributes().containsKey(LabelKeys.TYPE)) {
      return;
    } else if (event.action().equals("destroy")) {
      removed(id);
      if (event.attributes().containsKey(LabelKeys.VOLUME_IMAGES)) {
        later("image volumes", volumes::release);
      }
    } else if (CHANGES.contains(event.action())) {
      onceFormed(
          index.whenFormed(event.attributes().getOrDefault("name", "")),
          () -> readUnless(knownAlready(event), id));
    }
  }

  /** Looks after an attempt of ours has ended, whatever became of it; mostly there is none. */
  private static void onceFormed(CompletableFuture<Void> formed, Runnable look) {
    CompletableFuture<Void> _ = formed.thenRun(look);
  }

  private void readUnless(boolean known, String id) {
    if (!known) {
      later("container " + id, () -> refresh(id));
    }
  }

  /** What we have made or are starting ourselves is in the index without asking. */
  private boolean knownAlready(DockerEvents.Event event) {
    return switch (event.action()) {
      case "create" -> index.knows(event.id());
      case "start" -> index.knowsStartOf(event.id());
      default -> false;
    };
  }

  /**
   * Reads one container and takes it in; returns when it is. One that does not exist is forgotten.
   *
   * @throws RuntimeException docker-java's when the engine does not answer
   */
  public void refresh(String id) {
    ReentrantLock lock = refreshing[Math.floorMod(id.hashCode(), LOCKS)];
    lock.lock();
    try {
      read(id).ifPresentOrElse(this::takeIn, () -> removed(id));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Begins to look after a container that runs: its log is written if it has one, and what it
   * writes to disk is measured a first time before somebody asks. Does nothing when that goes on
   * already.
   */
  public void attend(Container container) {
    belongings.started(container.id());
    String path = container.status().getLogPath();
    if (!path.isEmpty()) {
      node.logs().follow(container.id(), Path.of(path), output.of(container.id(), container.tty()));
    }
  }

  private Optional<Inspection.Result> read(String id) {
    try {
      return inspection.of(id);
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  private void takeIn(Inspection.Result result) {
    switch (result) {
      case Inspection.OfSandbox(Sandbox sandbox) -> index.put(sandbox);
      case Inspection.OfContainer(Container container) -> {
        boolean wasOver =
            index
                .container(container.id())
                .map(known -> known.state() == ContainerState.CONTAINER_EXITED)
                .orElse(false);
        if (container.wasStarted() && !wasOver) {
          attend(container);
        }
        if (container.state() == ContainerState.CONTAINER_EXITED && !wasOver) {
          output.ended(container.id());
          awaitLog(container.id());
        }
        index.put(container);
      }
    }
  }

  private void awaitLog(String containerId) {
    try {
      node.logs().drained(containerId).toCompletableFuture().get(LOG_PATIENCE_SECONDS, SECONDS);
    } catch (TimeoutException e) {
      log.warn("container {} has ended, but its log is not yet complete", containerId);
    } catch (ExecutionException e) {
      throw new IllegalStateException("drained() promised not to fail", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void removed(String id) {
    index.remove(id);
    forget(id);
  }

  private void forget(String id) {
    node.logs().forget(id);
    output.forget(id);
    belongings.forget(id);
  }

  private void readAll() {
    Set<String> knownBefore = index.ids();
    Set<String> found = new HashSet<>();
    List<Future<?>> readings = new ArrayList<>();
    for (var listed : ours().exec()) {
      String id = listed.getId();
      found.add(id);
      CompletableFuture<Void> formed = index.whenFormed(dockerName(listed.getNames()));
      if (formed.isDone()) {
        readings.add(workers.submit(() -> refreshWithinBound(id)));
      } else {
        onceFormed(formed, () -> readUnless(index.knows(id), id));
      }
    }
    for (Future<?> reading : readings) {
      await(reading);
    }
    index.forgetAllBut(knownBefore, found);
    knownBefore.stream().filter(id -> !found.contains(id)).forEach(this::forget);
  }

  private ListContainersCmd ours() {
    return docker
        .client()
        .listContainersCmd()
        .withShowAll(true)
        .withLabelFilter(List.of(LabelKeys.TYPE));
  }

  /** A container's own name is listed first, with a slash that events do not have. */
  private static String dockerName(String[] listedNames) {
    return listedNames.length == 0 ? "" : listedNames[0].replaceFirst("^/", "");
  }

  private void refreshWithinBound(String id) {
    inspections.acquireUninterruptibly();
    try {
      refresh(id);
    } finally {
      inspections.release();
    }
  }

  private static void await(Future<?> reading) {
    try {
      reading.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the engine was read", e);
    }
  }

  private void later(String what, Runnable reading) {
    attempt(what, reading, 1, workers);
  }

  /** When the engine is away for longer than the attempts last, the next connection reads all. */
  private void attempt(String what, Runnable reading, int count, Executor where) {
    CompletableFuture<Void> _ =
        CompletableFuture.runAsync(reading, where)
            .exceptionally(failure -> {
              Throwable cause = failure.getCause() == null ? failure : failure.getCause();
              log.warn("{} could not be read after an event: {}", what, cause.toString());
              if (count < ATTEMPTS) {
                attempt(what, reading, count + 1, delayedExecutor(1, SECONDS, workers));
              }
              return null;
            });
  }
}
