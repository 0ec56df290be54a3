package io.intermodal.rkt.container;

import io.intermodal.cri.v1.StartContainerRequest;
import io.intermodal.cri.v1.StartContainerResponse;
import io.intermodal.rkt.answer.AppAnswer;
import io.intermodal.rkt.command.Rkt;
import io.intermodal.rkt.index.AppEnd;
import io.intermodal.rkt.index.Container;
import io.intermodal.rkt.index.Index;
import io.intermodal.rkt.index.IndexFeed;
import io.intermodal.rkt.index.Notes;
import io.intermodal.rkt.index.Sandbox;
import io.intermodal.rkt.output.ContainerOutput;
import io.intermodal.rkt.pod.PodProcess;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.SingleFlight;
import io.intermodal.runtime.contract.Timestamps;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * StartContainer: one {@code rkt app start}, then a look whether the command could be run, which
 * rkt calls a success in any case.
 */
public final class StartContainer {
  private static final int COULD_NOT_RUN = 203;
  private static final Duration RUNS_WITHIN = Duration.ofSeconds(5);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(5);

  private final Rkt rkt;
  private final Index index;
  private final IndexFeed feed;
  private final Notes notes;
  private final ContainerOutput output;
  private final Clock clock;
  private final SingleFlight<String, Boolean> starts = new SingleFlight<>();

  public StartContainer(
      Rkt rkt, Index index, IndexFeed feed, Notes notes, ContainerOutput output, Clock clock) {
    this.rkt = rkt;
    this.index = index;
    this.feed = feed;
    this.notes = notes;
    this.output = output;
    this.clock = clock;
  }

  public StartContainerResponse start(StartContainerRequest request, Call call) {
    String id = Containers.named(request.getContainerId(), index, call).id();
    var _ =
        starts.run(
            id,
            call,
            _ -> {
              start(Containers.named(id, index, Call.UNBOUNDED));
              return Boolean.TRUE;
            });
    return StartContainerResponse.getDefaultInstance();
  }

  private void start(Container container) {
    String object = "container " + container.id();
    if (container.wasStarted()) {
      throw CriException.failedPrecondition(object + " was started before: create a new one");
    }
    Sandbox sandbox =
        index
            .sandbox(container.sandboxId())
            .filter(Sandbox::running)
            .orElseThrow(
                () -> CriException.failedPrecondition(object + ": its pod sandbox does not run"));
    long now = Timestamps.now(clock);
    rkt.start(object, sandbox.id(), container.app());
    refuseIfNotRun(object, container, sandbox);
    Container started = container.started(now);
    output.follow(started);
    index.put(started);
    if (hasEnded(container, sandbox)) {
      feed.refresh(container.id());
    }
  }

  private static boolean hasEnded(Container container, Sandbox sandbox) {
    return sandbox.process().map(pod -> pod.notesEndOf(container.app())).orElse(true);
  }

  private void refuseIfNotRun(String object, Container container, Sandbox sandbox) {
    Optional<PodProcess> pod = sandbox.process();
    if (pod.isPresent() && becameItsCommand(pod.get(), container.app())) {
      return;
    }
    Optional<AppAnswer> app = rkt.app(sandbox.id(), container.app()).filter(AppAnswer::exited);
    if (app.isPresent() && app.get().exitCode().orElse(0) == COULD_NOT_RUN) {
      String message =
          "%s: its command %s cannot be run: there is no such program in the image, or it is none for this machine"
              .formatted(object, pod.flatMap(p -> p.programOf(container.app())).orElse(""));
      Container failed = container.started(app.get().startedAt());
      AppEnd end = AppEnd.notStarted(message, app.get().finishedAt());
      notes.noteEnd(container.id(), end);
      output.follow(failed);
      index.put(failed.ended(end));
      throw new CriException(Code.UNKNOWN, message);
    }
  }

  /**
   * Waits until the process that systemd has made is the command. False when it has ended, by
   * itself or because it could not become that.
   */
  private static boolean becameItsCommand(PodProcess pod, String app) {
    long deadline = System.nanoTime() + RUNS_WITHIN.toNanos();
    while (System.nanoTime() < deadline && !pod.notesEndOf(app)) {
      OptionalLong main = pod.mainProcessOf(app);
      if (main.isPresent() && pod.hasBecomeItsCommand(main.getAsLong())) {
        return true;
      }
      try {
        Thread.sleep(LOOK_AGAIN);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CriException(Code.CANCELLED, "interrupted while a container was started", e);
      }
    }
    return false;
  }
}
