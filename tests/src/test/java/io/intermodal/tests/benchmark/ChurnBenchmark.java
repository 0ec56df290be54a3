package io.intermodal.tests.benchmark;

import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.host.HostProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A pod every second ({@code -Dbenchmark.pods.per.second}) for a time ({@code -Dbenchmark.minutes},
 * 60 by default): a container that writes two lines and ends, and then all of it is removed. Prints
 * the server's memory, open files and threads over time, which must level off, and how many
 * containers' output Docker itself has lost.
 */
final class ChurnBenchmark {
  private static final int AT_ONCE = 8;
  private static final int LINES_OF_CURVE = 30;
  private static final double MEGA = 1e6;

  private final Node node;
  private final Cri cri;
  private final HostProcess server;
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicInteger late = new AtomicInteger();
  private final AtomicInteger lost = new AtomicInteger();
  private final Semaphore places = new Semaphore(AT_ONCE);

  private ChurnBenchmark(Node node, Cri cri, HostProcess server) {
    this.node = node;
    this.cri = cri;
    this.server = server;
  }

  static void run(Node node) throws IOException {
    HostProcess server =
        Benchmarks.server(node)
            .orElseThrow(() -> new IOException("the server's process is not known: -Dcri.pid"));
    Duration length =
        Duration.ofSeconds(
            (long) (60 * Double.parseDouble(System.getProperty("benchmark.minutes", "60"))));
    double perSecond = Double.parseDouble(System.getProperty("benchmark.pods.per.second", "1"));
    try (Cri cri = node.session()) {
      new ChurnBenchmark(node, cri, server).run(length, perSecond);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private void run(Duration length, double perSecond) throws IOException, InterruptedException {
    long period = (long) (1e9 / perSecond);
    int pods = (int) (length.toNanos() / period);
    int untilPrinted = Math.max(1, pods / LINES_OF_CURVE);
    long start = System.nanoTime();
    Deque<Future<?>> running = new ArrayDeque<>();
    System.out.printf(
        "%8s %7s %10s %7s %8s %6s %6s%n",
        "minute", "pods", "memory MB", "files", "threads", "late", "lost");
    try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        var workers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i <= pods; i++) {
        if (i % untilPrinted == 0) {
          print(start);
        }
        await(
            clock.schedule(() -> {}, start + i * period - System.nanoTime(), TimeUnit.NANOSECONDS));
        if (!places.tryAcquire()) {
          late.incrementAndGet();
          places.acquire();
        }
        running.add(workers.submit(this::life));
        failIfOneFailed(running);
      }
      for (Future<?> pod : running) {
        await(pod);
      }
    }
    print(start);
  }

  /** Looks at those that have ended, the oldest first, and forgets them. */
  private static void failIfOneFailed(Deque<Future<?>> running) throws IOException {
    while (!running.isEmpty() && running.getFirst().isDone()) {
      await(running.removeFirst());
    }
  }

  private static void await(Future<?> future) throws IOException {
    try {
      future.get();
    } catch (ExecutionException e) {
      throw new IOException("a pod failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private void life() {
    try {
      Pod pod = cri.runPod();
      Container container = pod.start("echo one; echo two");
      int code = container.awaitExit().getExitCode();
      long lines = container.log().lines().size();
      boolean lostByDocker = lines == 0 && node.dockerLost(container, "stdout");
      pod.stop();
      pod.remove();
      if (lostByDocker) {
        lost.incrementAndGet();
      } else if (code != 0 || lines != 2) {
        throw new IllegalStateException(
            "container %s: exit code %d, %d lines in its log"
                .formatted(container.id(), code, lines));
      }
      done.incrementAndGet();
    } finally {
      places.release();
    }
  }

  private void print(long start) {
    System.out.printf(
        "%8.1f %7d %10.1f %7d %8d %6d %6d%n",
        (System.nanoTime() - start) / 60e9,
        done.get(),
        server.memory("VmRSS") / MEGA,
        server.openFiles(),
        server.threads(),
        late.get(),
        lost.get());
  }
}
