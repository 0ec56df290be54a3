package io.intermodal.rkt.output;

import io.intermodal.rkt.index.Container;
import io.intermodal.rkt.index.Index;
import io.intermodal.rkt.index.Sandbox;
import io.intermodal.rkt.sandbox.Place;
import io.intermodal.runtime.node.LogSource;
import io.intermodal.runtime.node.NodeServices;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Has the output of containers written to their log files, and knows their terminals. */
public final class ContainerOutput {
  private final Index index;
  private final NodeServices node;
  private final ConcurrentMap<String, TerminalHub> terminals = new ConcurrentHashMap<>();

  public ContainerOutput(Index index, NodeServices node) {
    this.index = index;
    this.node = node;
  }

  /** Follows a container that was started; one that is followed already is left alone. */
  public void follow(Container container) {
    Optional<Sandbox> sandbox = index.sandbox(container.sandboxId());
    if (sandbox.isEmpty()) {
      return;
    }
    Optional<LogSource> source =
        container.streams().terminal()
            ? terminal(container, sandbox.get()).map(hub -> new TerminalLog(hub, node.clock()))
            : Optional.of(
                new RawLog(
                    Place.named(node, sandbox.get().place()).log(container.app()),
                    () -> hasEnded(container.id())));
    String path = container.status().getLogPath();
    if (!path.isEmpty() && source.isPresent()) {
      node.logs().follow(container.id(), Path.of(path), source.get());
    }
  }

  private boolean hasEnded(String containerId) {
    return index.container(containerId).map(now -> !now.running() && now.wasStarted()).orElse(true);
  }

  /** The terminal of a running container that has one; connected if it is not yet. */
  public Optional<TerminalHub> terminal(Container container, Sandbox sandbox) {
    TerminalHub known = terminals.get(container.id());
    if (known != null || sandbox.process().isEmpty()) {
      return Optional.ofNullable(known);
    }
    TerminalHub made = new TerminalHub(sandbox.process().get(), container.app());
    TerminalHub first = terminals.putIfAbsent(container.id(), made);
    if (first != null) {
      return Optional.of(first);
    }
    CompletableFuture<Void> _ = made.ended().thenRun(() -> terminals.remove(container.id(), made));
    if (container.status().getLogPath().isEmpty()) {
      // Nobody may ever listen, and the container must not be held up.
      made.start();
    }
    return Optional.of(made);
  }
}
