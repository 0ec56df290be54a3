package io.intermodal.docker.container;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.exception.ConflictException;
import io.intermodal.cri.v1.ContainerConfig;
import io.intermodal.cri.v1.ContainerMetadata;
import io.intermodal.cri.v1.ContainerState;
import io.intermodal.cri.v1.CreateContainerRequest;
import io.intermodal.cri.v1.CreateContainerResponse;
import io.intermodal.cri.v1.Image;
import io.intermodal.docker.api.DockerApi;
import io.intermodal.docker.api.DockerErrors;
import io.intermodal.docker.image.ImageIndex;
import io.intermodal.docker.index.Container;
import io.intermodal.docker.index.EngineState;
import io.intermodal.docker.index.Index;
import io.intermodal.docker.index.Sandbox;
import io.intermodal.docker.output.ContainerOutput;
import io.intermodal.docker.spec.ContainerSpec;
import io.intermodal.docker.spec.labels.ContainerIdentity;
import io.intermodal.docker.spec.reading.ContainerReading;
import io.intermodal.docker.volume.ImageVolumes;
import io.intermodal.docker.volume.VolumeLoan;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.SingleFlight;
import io.intermodal.runtime.contract.Timestamps;
import io.intermodal.runtime.node.NodeServices;
import java.util.Optional;

/**
 * CreateContainer: one call to the engine.
 *
 * <p>A retry with the same metadata joins the running attempt, or gets its result as long as that
 * has not been started.
 */
public final class CreateContainer {
  private final DockerApi docker;
  private final EngineState engine;
  private final Index index;
  private final ImageIndex images;
  private final ImageVolumes imageVolumes;
  private final NodeServices node;
  private final SingleFlight<Creation, String> creations = new SingleFlight<>();

  private record Creation(String sandboxId, ContainerMetadata metadata) {
    @Override
    public String toString() {
      return "container %s of pod sandbox %s".formatted(metadata.getName(), sandboxId);
    }
  }

  public CreateContainer(
      DockerApi docker,
      EngineState engine,
      Index index,
      ImageIndex images,
      ImageVolumes imageVolumes,
      NodeServices node) {
    this.docker = docker;
    this.engine = engine;
    this.index = index;
    this.images = images;
    this.imageVolumes = imageVolumes;
    this.node = node;
  }

  public CreateContainerResponse create(CreateContainerRequest request, Call call) {
    index.awaitContent(call);
    Sandbox sandbox =
        index
            .sandbox(request.getPodSandboxId())
            .orElseThrow(() ->
                CriException.notFound(
                    "pod sandbox \"%s\" does not exist".formatted(request.getPodSandboxId())));
    Creation creation = new Creation(sandbox.id(), request.getConfig().getMetadata());
    String id = creations.run(creation, call, _ -> existingOrNew(creation, sandbox, request));
    return CreateContainerResponse.newBuilder().setContainerId(id).build();
  }

  private String existingOrNew(Creation creation, Sandbox sandbox, CreateContainerRequest request) {
    Optional<Container> existing =
        index.containersOf(sandbox.id()).stream()
            .filter(container -> container.metadata().equals(creation.metadata()))
            .findAny();
    if (existing.isPresent()) {
      return unlessStarted(creation, existing.get());
    }
    if (!sandbox.running()) {
      throw CriException.failedPrecondition(
          "pod sandbox %s is not running: run a new one".formatted(sandbox.id()));
    }
    return make(creation, sandbox, request.getConfig(), request);
  }

  private static String unlessStarted(Creation creation, Container existing) {
    if (existing.state() == ContainerState.CONTAINER_CREATED) {
      return existing.id();
    }
    throw new CriException(
        Code.ALREADY_EXISTS,
        "%s exists as %s and was started: remove it or raise the attempt"
            .formatted(creation, existing.id()));
  }

  private String make(
      Creation creation, Sandbox sandbox, ContainerConfig config, CreateContainerRequest request) {
    Image image = image(creation, config);
    CreateContainerCmd create = docker.client().createContainerCmd(image.getId());
    try (VolumeLoan volumes = imageVolumes.lend()) {
      ContainerIdentity identity =
          new ContainerSpec(engine.facts().features(), node.host(), volumes)
              .fill(
                  create,
                  config,
                  request.getSandboxConfig(),
                  sandbox.place(),
                  image.getId(),
                  ContainerOutput.config());
      String id = make(creation, create, config, identity);
      volumes.made();
      return id;
    }
  }

  private String make(
      Creation creation,
      CreateContainerCmd create,
      ContainerConfig config,
      ContainerIdentity identity) {
    String dockerName = identity.dockerName();
    index.forming(dockerName);
    try {
      String id = create(creation, create);
      long now = Timestamps.now(node.clock());
      index.put(Container.of(ContainerReading.created(id, identity, create, config, now)));
      return id;
    } finally {
      index.formed(dockerName);
    }
  }

  private Image image(Creation creation, ContainerConfig config) {
    String wanted = config.getImage().getImage();
    if (wanted.isEmpty()) {
      throw CriException.invalid(creation + ": no image given");
    }
    return images
        .find(wanted)
        .orElseThrow(() ->
            CriException.notFound(
                "%s: image %s is not on this node: pull it first".formatted(creation, wanted)));
  }

  private String create(Creation creation, CreateContainerCmd create) {
    try {
      return create.exec().getId();
    } catch (ConflictException e) {
      throw new CriException(
          Code.ALREADY_EXISTS,
          "%s: %s. Remove that container or raise the attempt"
              .formatted(creation, DockerErrors.message(e)),
          e);
    } catch (RuntimeException e) {
      throw DockerErrors.of(creation.toString(), e);
    }
  }
}
