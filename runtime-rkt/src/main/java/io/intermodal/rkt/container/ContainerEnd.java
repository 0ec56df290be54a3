package io.intermodal.rkt.container;

import io.intermodal.cri.v1.Signal;
import io.intermodal.rkt.command.ProgramRun;
import io.intermodal.rkt.command.Rkt;
import io.intermodal.rkt.index.Container;
import io.intermodal.rkt.index.Index;
import io.intermodal.rkt.index.IndexFeed;
import io.intermodal.rkt.index.Notes;
import io.intermodal.rkt.index.Sandbox;
import io.intermodal.rkt.output.ContainerOutput;
import io.intermodal.rkt.pod.PodProcess;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.contract.StopSignals;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * Ends and removes containers. What has ended or is gone already is a success. When a method
 * returns, the index shows the result.
 *
 * <p>{@code rkt app stop} knows no other signal and no other patience than 90 s, so the signal is
 * sent to the app's first process directly, and what is left after the grace period is killed. rkt
 * is asked to stop an app whose processes cannot be seen.
 */
public final class ContainerEnd {
  private static final Duration SENDING = Duration.ofSeconds(5);
  private static final Duration NOTED_WITHIN = Duration.ofSeconds(10);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  private final Rkt rkt;
  private final Index index;
  private final IndexFeed feed;
  private final Notes notes;
  private final ContainerOutput output;

  public ContainerEnd(Rkt rkt, Index index, IndexFeed feed, Notes notes, ContainerOutput output) {
    this.rkt = rkt;
    this.index = index;
    this.feed = feed;
    this.notes = notes;
    this.output = output;
  }

  /**
   * Sends the container's stop signal and, if it still runs after the grace period, kills it.
   *
   * @param grace none kills at once
   */
  void stop(Container container, Duration grace) {
    Optional<PodProcess> pod = index.sandbox(container.sandboxId()).flatMap(Sandbox::process);
    if (pod.isEmpty()) {
      feed.refresh(container.id());
      return;
    }
    OptionalLong main = pod.get().mainProcessOf(container.app());
    if (main.isPresent()) {
      stop(container, pod.get(), main.getAsLong(), grace);
    } else {
      stopByRkt(container, pod.get(), grace);
    }
    awaitNoted(container, pod.get());
    feed.refresh(container.id());
  }

  private static void stop(Container container, PodProcess pod, long main, Duration grace) {
    if (!grace.isZero()) {
      send(container.status().getStopSignal(), main);
      await(grace, () -> !ProcessHandle.of(main).map(ProcessHandle::isAlive).orElse(false));
    }
    pod.killAllOf(container.app());
  }

  private static void send(Signal wish, long pid) {
    String name = StopSignals.name(wish).orElse("SIGTERM");
    // kill(1) of the host knows RTMIN+3 without the beginning.
    var _ =
        new ProgramRun("kill", "-s", name.substring("SIG".length()), Long.toString(pid))
            .run(SENDING);
  }

  /** rkt blocks until the app has ended; killing what can be seen of it ends that early. */
  private void stopByRkt(Container container, PodProcess pod, Duration grace) {
    String object = "container " + container.id();
    CompletableFuture<Void> stopping =
        CompletableFuture.runAsync(
            () -> rkt.stop(object, container.sandboxId(), container.app()),
            task -> Thread.ofVirtual().name("rkt-stop").start(task));
    await(grace, stopping::isDone);
    pod.killAllOf(container.app());
    try {
      stopping.join();
    } catch (RuntimeException e) {
      throw e.getCause() instanceof CriException known ? known : e;
    }
  }

  /** The note of an end comes a moment after it. */
  private void awaitNoted(Container container, PodProcess pod) {
    await(NOTED_WITHIN, () -> !pod.alive() || pod.notesEndOf(container.app()));
  }

  private interface Condition {
    boolean holds();
  }

  private static void await(Duration limit, Condition condition) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.holds() && System.nanoTime() < deadline) {
      try {
        Thread.sleep(LOOK_AGAIN);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CriException(Code.CANCELLED, "interrupted while a container was stopped", e);
      }
    }
  }

  /** Removes the container, killing it first if it runs. */
  void remove(Container container) {
    if (container.running()) {
      stop(container, Duration.ZERO);
    }
    try {
      rkt.remove("container " + container.id(), container.sandboxId(), container.app());
      output.forget(container);
      feed.forget(container.id());
    } catch (CriException e) {
      if (container.wasStarted() || e.code() == Code.DEADLINE_EXCEEDED) {
        throw e;
      }
      // rkt cannot remove what it could not start. It goes with its pod and is shown no more.
      feed.forget(container.id());
      notes.noteLeftover(container.id());
    }
  }
}
