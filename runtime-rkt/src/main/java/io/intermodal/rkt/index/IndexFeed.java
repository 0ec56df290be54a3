package io.intermodal.rkt.index;

import io.intermodal.rkt.answer.PodAnswer;
import io.intermodal.rkt.command.Rkt;
import io.intermodal.rkt.image.ImageIndex;
import io.intermodal.rkt.pod.PodProcess;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.contract.Timestamps;
import io.intermodal.runtime.node.NodeServices;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills the index: with all that there is when rkt first answers, and then with what changes.
 *
 * <p>Each look at the running containers costs one {@code stat} of a file, and rkt is run only when
 * one of them has ended. rkt itself is asked every few seconds whether it is still there; twice a
 * minute everything is read anew, which finds what others did with {@code rkt} by hand.
 */
public final class IndexFeed implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(IndexFeed.class);
  private static final Duration VERSION_PATIENCE = Duration.ofSeconds(4);

  private final Source source;
  private final Index index;
  private final EngineState engine;
  private final NodeServices node;
  private final Notes notes;
  private final Pace pace;
  private final Output output;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = Thread.ofVirtual().name("rkt-feed").unstarted(this::follow);
  private long nextCheck;
  private long nextResync;
  private boolean leftoversGone;

  /**
   * How often what is looked at.
   *
   * @param look at what a pod notes itself
   * @param check whether rkt answers
   * @param resync of everything
   */
  public record Pace(Duration look, Duration check, Duration resync) {
    public static final Pace USUAL =
        new Pace(Duration.ofMillis(100), Duration.ofSeconds(4), Duration.ofSeconds(30));
  }

  /** Who carries what containers say. */
  public interface Output {
    /** A container was started; told at every full read. */
    void follow(Container container);

    /** A container has ended; returns when its last words are there, or after a while. */
    void awaitLastWords(Container container);
  }

  /**
   * What is asked.
   *
   * @param reading asks about one pod or app
   * @param images the images in rkt's store
   * @param trial runs a pod to see whether that can be done, and answers rkt's data directory
   * @param sweep is given the places of all pods once, before anybody can make another
   */
  public record Source(
      Rkt rkt,
      Reading reading,
      ImageIndex images,
      Supplier<Optional<Path>> trial,
      Consumer<Set<String>> sweep) {}

  public IndexFeed(
      Source source,
      Index index,
      EngineState engine,
      NodeServices node,
      Notes notes,
      Pace pace,
      Output output) {
    this.source = source;
    this.index = index;
    this.engine = engine;
    this.node = node;
    this.notes = notes;
    this.pace = pace;
    this.output = output;
  }

  /** Begins to follow rkt. */
  public void start() {
    thread.start();
  }

  private void follow() {
    try {
      do {
        attempt();
      } while (!closed.await(pace.look().toNanos(), TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void attempt() {
    try {
      long now = System.nanoTime();
      if (now - nextCheck >= 0) {
        nextCheck = now + pace.check().toNanos();
        engine.answers(source.rkt().version(VERSION_PATIENCE));
      }
      if (now - nextResync >= 0 && engine.now().trouble().isEmpty()) {
        resync();
        nextResync = now + pace.resync().toNanos();
      }
      look();
    } catch (CriException e) {
      if (engine.down(String.valueOf(e.getMessage()))) {
        log.warn("rkt cannot be asked: {}", e.getMessage());
      }
    } catch (RuntimeException e) {
      log.error("a fault of this server while following rkt", e);
    }
  }

  /** Looks at what pods note, and asks rkt about what has ended. */
  private void look() {
    for (Sandbox sandbox : index.sandboxes()) {
      if (sandbox.process().isPresent()) {
        look(sandbox, sandbox.process().get());
      }
    }
  }

  private void look(Sandbox sandbox, PodProcess pod) {
    if (!pod.alive()) {
      ended(sandbox);
      return;
    }
    for (Container container : index.containersOf(sandbox.id())) {
      if (container.running() && pod.notesEndOf(container.app())) {
        refresh(container.id());
      }
    }
  }

  /** Notes that a pod does not run any more, and so nothing in it. */
  public void ended(Sandbox sandbox) {
    long now = Timestamps.now(node.clock());
    index.put(sandbox.ended(now));
    for (Container container : index.containersOf(sandbox.id())) {
      if (container.running()) {
        refresh(container.id());
      }
    }
  }

  /** Asks rkt about a container anew; one that is gone is forgotten. */
  public void refresh(String containerId) {
    Optional<Container> known = index.container(containerId);
    Optional<Sandbox> sandbox = known.flatMap(container -> index.sandbox(container.sandboxId()));
    if (known.isPresent() && sandbox.isPresent()) {
      source
          .reading()
          .container(sandbox.get(), known.get().app())
          .ifPresentOrElse(now -> put(known.get(), now), () -> forget(containerId));
    }
  }

  /** Who is told that a container has ended finds its whole log. */
  private void put(Container before, Container now) {
    if (before.running() && !now.running()) {
      output.awaitLastWords(now);
    }
    index.put(now);
  }

  /** Reads everything. */
  private void resync() {
    Set<String> knownBefore = index.ids();
    Set<String> found = new HashSet<>();
    for (PodAnswer pod : source.rkt().pods()) {
      Optional<Sandbox> sandbox =
          source
              .reading()
              .sandbox(pod, index.sandbox(pod.uuid()))
              .filter(read -> !index.isForming(read.place()));
      if (sandbox.isPresent()) {
        found.add(pod.uuid());
        index.put(sandbox.get());
        sandbox.get().process().ifPresent(process -> engine.runsPods(process.dataDirectory()));
        found.addAll(readContainers(sandbox.get()));
      }
    }
    source.images().refresh();
    index.forgetAllBut(knownBefore, found);
    knownBefore.stream().filter(id -> !found.contains(id)).forEach(this::forget);
    if (!leftoversGone) {
      leftoversGone = true;
      notes.retainOnly(found);
      node.network().retainOnly(found);
      source.sweep().accept(places());
    }
    engine.readAll();
    index.loaded();
    if (engine.now().unfit().isPresent()) {
      tryOut();
    }
  }

  /** Runs a pod, unless one of ours runs and shows that it can be done. */
  private void tryOut() {
    try {
      engine.runsPods(source.trial().get());
      log.info("rkt {} runs pods", engine.now().version());
    } catch (CriException e) {
      String why = String.valueOf(e.getMessage());
      if (!engine.now().unfit().equals(Optional.of(why))) {
        log.warn("rkt cannot run pods: {}", why);
      }
      engine.unfit(why);
    }
  }

  private Set<String> places() {
    return index.sandboxes().stream().map(Sandbox::place).collect(Collectors.toSet());
  }

  private Set<String> readContainers(Sandbox sandbox) {
    Set<String> found = new HashSet<>();
    Map<String, Container> known = new HashMap<>();
    index.containersOf(sandbox.id()).forEach(container -> known.put(container.app(), container));
    source
        .rkt()
        .appStates(sandbox.id())
        .forEach((app, state) -> {
          Container before = known.get(app);
          Optional<Container> container =
              before != null && says(before, state)
                  ? Optional.of(before)
                  : source
                      .reading()
                      .container(sandbox, app)
                      .filter(read -> !index.isForming(read.id()));
          container.ifPresent(read -> {
            found.add(read.id());
            if (before == null) {
              index.put(read);
            } else {
              put(before, read);
            }
            if (read.wasStarted()) {
              output.follow(read);
            }
          });
        });
    return found;
  }

  /** Whether what is known is what rkt says. */
  private static boolean says(Container container, String state) {
    return switch (container.state()) {
      case CONTAINER_CREATED -> state.equals("created");
      case CONTAINER_RUNNING -> state.equals("running");
      case CONTAINER_EXITED -> state.equals("exited");
      default -> false;
    };
  }

  /** Forgets a container or pod that is gone, with all that is kept of it. */
  public void forget(String id) {
    index.remove(id);
    notes.forget(id);
    node.statistics().forget(id);
    node.logs().forget(id);
  }

  /** What the containers of a pod are called in rkt. */
  public List<String> appsOf(String sandboxId) {
    return index.containersOf(sandboxId).stream().map(Container::app).toList();
  }

  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
  }
}
