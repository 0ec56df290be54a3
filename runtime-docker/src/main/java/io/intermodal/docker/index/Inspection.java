package io.intermodal.docker.index;

import com.github.dockerjava.api.command.InspectContainerResponse;
import io.intermodal.docker.api.DockerApi;
import io.intermodal.docker.spec.reading.ContainerReading;
import io.intermodal.docker.spec.reading.SandboxReading;
import java.util.Optional;

/** Asks the engine about one container: one call. */
public final class Inspection {
  private final DockerApi docker;
  private final EngineState engine;
  private final ChangedLimits changed;

  /** What an inspected container turned out to be. */
  public sealed interface Result {}

  /** A pause container. */
  public record OfSandbox(Sandbox sandbox) implements Result {}

  /** A container of a pod. */
  public record OfContainer(Container container) implements Result {}

  public Inspection(DockerApi docker, EngineState engine, ChangedLimits changed) {
    this.docker = docker;
    this.engine = engine;
    this.changed = changed;
  }

  /**
   * What the engine says now; empty when the container is not ours.
   *
   * @throws RuntimeException docker-java's when it does not exist or the engine does not answer
   */
  public Optional<Result> of(String id) {
    InspectContainerResponse inspected = docker.client().inspectContainerCmd(id).exec();
    String defaultRuntime = engine.facts().features().defaultRuntime();
    Optional<Result> sandbox =
        SandboxReading.of(inspected)
            .map(reading -> new OfSandbox(Sandbox.of(reading, defaultRuntime)));
    return sandbox.or(() -> ContainerReading.of(inspected).map(r -> new OfContainer(container(r))));
  }

  private Container container(ContainerReading reading) {
    Container asMade = Container.of(reading);
    return asMade.limitedBy(changed.over(asMade.id(), asMade.cgroupSettings()));
  }
}
