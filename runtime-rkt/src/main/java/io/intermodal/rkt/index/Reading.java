package io.intermodal.rkt.index;

import io.intermodal.cri.v1.ContainerState;
import io.intermodal.cri.v1.ContainerStatus;
import io.intermodal.rkt.answer.AppAnswer;
import io.intermodal.rkt.answer.PodAnswer;
import io.intermodal.rkt.command.Rkt;
import io.intermodal.rkt.pod.PodProcess;
import io.intermodal.rkt.spec.OwnAnnotations;
import io.intermodal.runtime.contract.Timestamps;
import java.time.Clock;
import java.util.Optional;

/** Asks rkt about one pod or app, and adds what is noted. */
public final class Reading {
  private final Rkt rkt;
  private final Notes notes;
  private final Clock clock;

  public Reading(Rkt rkt, Notes notes, Clock clock) {
    this.rkt = rkt;
    this.notes = notes;
    this.clock = clock;
  }

  /**
   * A pod that rkt has listed; empty when it is not ours.
   *
   * @param known what is known of it already, so that rkt need not be asked for its process
   */
  Optional<Sandbox> sandbox(PodAnswer pod, Optional<Sandbox> known) {
    return OwnAnnotations.sandbox(pod.annotations())
        .map(facts -> {
          Optional<PodProcess> process =
              pod.running()
                  ? known
                      .flatMap(Sandbox::process)
                      .filter(PodProcess::alive)
                      .or(() -> rkt.podProcess(pod.uuid()))
                  : Optional.empty();
          long finishedAt =
              process.isPresent()
                  ? 0
                  : known
                      .map(Sandbox::finishedAt)
                      .filter(at -> at > 0)
                      .orElseGet(() -> Timestamps.now(clock));
          return new Sandbox(
              facts.toBuilder().setId(pod.uuid()).build(),
              OwnAnnotations.place(pod.annotations()),
              process,
              finishedAt);
        });
  }

  /**
   * An app, asked for now; empty when there is none or it is not ours.
   *
   * @param sandbox its pod
   */
  public Optional<Container> container(Sandbox sandbox, String app) {
    return rkt.app(sandbox.id(), app).flatMap(answer -> container(sandbox, answer));
  }

  private Optional<Container> container(Sandbox sandbox, AppAnswer app) {
    return OwnAnnotations.container(app.annotations())
        .filter(facts -> !notes.isLeftover(facts.getId()))
        .map(facts -> {
          Container made =
              new Container(
                  status(facts, app),
                  sandbox.id(),
                  app.name(),
                  OwnAnnotations.streams(app.annotations()));
          return app.exited() ? made.ended(end(made, app, sandbox)) : made;
        });
  }

  private ContainerStatus status(ContainerStatus facts, AppAnswer app) {
    ContainerStatus.Builder status = facts.toBuilder();
    notes.resources(facts.getId()).ifPresent(status::setResources);
    status.setState(
        switch (app.state()) {
          case "created" -> ContainerState.CONTAINER_CREATED;
          case "running" -> ContainerState.CONTAINER_RUNNING;
          case "exited" -> ContainerState.CONTAINER_EXITED;
          default -> ContainerState.CONTAINER_UNKNOWN;
        });
    return status.setStartedAt(app.startedAt()).build();
  }

  private AppEnd end(Container container, AppAnswer app, Sandbox sandbox) {
    return notes
        .end(container.id())
        .orElseGet(() -> {
          boolean limited =
              container.status().getResources().getLinux().getMemoryLimitInBytes() > 0;
          AppEnd end = EndReading.of(app, sandbox.process(), limited, Timestamps.now(clock));
          notes.noteEnd(container.id(), end);
          return end;
        });
  }
}
