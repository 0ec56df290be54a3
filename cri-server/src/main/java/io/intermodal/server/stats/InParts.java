package io.intermodal.server.stats;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;

/**
 * Reads many at once. Reading the kernel's files keeps a CPU busy and waits for nothing, so a long
 * list is shared among as many threads as there are CPUs, up to four: the node's pods need theirs.
 */
final class InParts {
  private static final int MOST_PARTS = 4;

  /** Fewer are read before another thread has begun. */
  private static final int LEAST_ITEMS = 4;

  private final int mostParts;

  InParts() {
    this(Math.min(MOST_PARTS, Runtime.getRuntime().availableProcessors()));
  }

  InParts(int mostParts) {
    this.mostParts = mostParts;
  }

  /**
   * What the work makes of each item, in the items' order; what it finds nothing of is left out.
   */
  <T, R> List<R> map(List<T> items, Function<T, Optional<R>> work) {
    int parts = Math.max(1, Math.min(mostParts, items.size() / LEAST_ITEMS));
    List<FutureTask<List<R>>> tasks = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      List<T> share = items.subList(items.size() * part / parts, items.size() * (part + 1) / parts);
      tasks.add(
          new FutureTask<>(() -> share.stream().map(work).flatMap(Optional::stream).toList()));
    }
    tasks.stream().skip(1).forEach(Thread::startVirtualThread);
    tasks.getFirst().run();
    List<R> all = new ArrayList<>(items.size());
    tasks.forEach(task -> all.addAll(result(task)));
    return all;
  }

  private static <R> List<R> result(FutureTask<List<R>> task) {
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while statistics were read", e);
    }
  }
}
