package io.intermodal.rkt.output;

import io.intermodal.rkt.index.Container;
import io.intermodal.rkt.index.Index;
import io.intermodal.rkt.index.IndexFeed;
import io.intermodal.rkt.index.Sandbox;
import io.intermodal.rkt.output.RawLog.Writer;
import io.intermodal.rkt.pod.AppService;
import io.intermodal.rkt.pod.PodProcess;
import io.intermodal.rkt.sandbox.Place;
import io.intermodal.runtime.node.NodeServices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the output of containers carried, and written to their log files. */
public final class ContainerOutput implements IndexFeed.Output {
  private static final Logger log = LoggerFactory.getLogger(ContainerOutput.class);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Index index;
  private final NodeServices node;

  public ContainerOutput(Index index, NodeServices node) {
    this.index = index;
    this.node = node;
  }

  /** Follows a container that was started; one that is followed already is left alone. */
  @Override
  public void follow(Container container) {
    Optional<Sandbox> sandbox = index.sandbox(container.sandboxId());
    if (sandbox.isEmpty()) {
      return;
    }
    String path = container.status().getLogPath();
    if (!path.isEmpty()) {
      RawLog source = new RawLog(records(container, sandbox.get()), () -> writer(container));
      node.logs().follow(container.id(), Path.of(path), source);
    }
  }

  private Path records(Container container, Sandbox sandbox) {
    return Place.named(node, sandbox.place()).log(container.app());
  }

  private Writer writer(Container container) {
    Optional<PodProcess> pod =
        index.sandbox(container.sandboxId()).flatMap(Sandbox::process).filter(PodProcess::alive);
    if (pod.isEmpty()) {
      return Writer.GONE;
    }
    return pod.get().notesEndOf(container.app()) ? Writer.ENDS : Writer.WRITES;
  }

  @Override
  public void awaitLastWords(Container container) {
    try {
      node.logs()
          .drained(container.id())
          .toCompletableFuture()
          .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      log.warn("container {} has ended, but its log is not yet complete", container.id());
    } catch (ExecutionException e) {
      throw new IllegalStateException("drained() promised not to fail", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Makes what a new app says be carried.
   *
   * @throws IOException when its pod does not take it
   */
  public void prepare(Sandbox sandbox, PodProcess pod, String app, AppService service)
      throws IOException {
    var _ = OutputProgram.putInto(Place.named(node, sandbox.place()).logs());
    pod.amend(app, service);
  }

  /** Removes what was recorded of a container that is gone. */
  public void forget(Container container) {
    Optional<Sandbox> sandbox = index.sandbox(container.sandboxId());
    if (sandbox.isEmpty()) {
      return;
    }
    try {
      Files.deleteIfExists(records(container, sandbox.get()));
      if (sandbox.get().process().isPresent()) {
        sandbox.get().process().get().forget(container.app());
      }
    } catch (IOException e) {
      log.debug("records of container {} stay until its pod goes: {}", container.id(), e);
    }
  }
}
