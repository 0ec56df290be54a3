package io.intermodal.tests.engine;

import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An engine on which the suites run: it is started when the first test asks. */
public final class Engine implements AutoCloseable {
  /** What the name of an engine ends with that is asked without us in between. */
  static final String DIRECT = " itself";

  private final String name;
  private final Set<EngineKind> kinds;
  private final Function<String, Node> start;
  private final AtomicInteger nodes = new AtomicInteger();
  private @Nullable Node shared;
  private @Nullable RuntimeException failure;

  Engine(String name, Set<EngineKind> kinds, Function<String, Node> start) {
    this.name = name;
    this.kinds = Set.copyOf(kinds);
    this.start = start;
  }

  /** As the report calls it: {@code Docker 20.10.24}. */
  public String name() {
    return name;
  }

  /** How it is served. */
  Set<EngineKind> kinds() {
    return kinds;
  }

  /** Whether it is asked without us in between: the control. */
  boolean direct() {
    return name.endsWith(DIRECT);
  }

  /** The node that tests share. A start that failed is not tried again. */
  public synchronized Node node() {
    if (failure != null) {
      throw failure;
    }
    Node node = shared;
    if (node == null) {
      try {
        node = another();
        shared = node;
      } catch (RuntimeException e) {
        failure = e;
        throw e;
      }
    }
    return node;
  }

  /** A node of a test's own, which the test may treat badly and has to close. */
  public Node another() {
    String folder = name.replaceAll("[^A-Za-z0-9.]+", "-");
    String tail = folder.substring(Math.max(0, folder.length() - 16));
    return start.apply(tail + "-" + nodes.incrementAndGet());
  }

  @Override
  public synchronized void close() {
    if (shared != null) {
      shared.close();
    }
  }
}
