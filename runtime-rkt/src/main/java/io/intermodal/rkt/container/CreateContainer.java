package io.intermodal.rkt.container;

import io.intermodal.cri.v1.ContainerConfig;
import io.intermodal.cri.v1.ContainerMetadata;
import io.intermodal.cri.v1.ContainerState;
import io.intermodal.cri.v1.CreateContainerRequest;
import io.intermodal.cri.v1.CreateContainerResponse;
import io.intermodal.rkt.command.Rkt;
import io.intermodal.rkt.image.ImageIndex;
import io.intermodal.rkt.image.KnownImage;
import io.intermodal.rkt.index.Container;
import io.intermodal.rkt.index.Index;
import io.intermodal.rkt.index.Notes;
import io.intermodal.rkt.index.Sandbox;
import io.intermodal.rkt.output.ContainerOutput;
import io.intermodal.rkt.spec.ContainerSpec;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.SingleFlight;
import io.intermodal.runtime.contract.Timestamps;
import io.intermodal.runtime.node.NodeServices;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * CreateContainer: one {@code rkt app add}.
 *
 * <p>A retry with the same metadata joins the running attempt, or gets its result as long as that
 * has not been started. What rkt refuses half way stays in its pod until that is removed, and is
 * noted to be none.
 */
public final class CreateContainer {
  private static final int ID_BYTES = 32;

  private final Rkt rkt;
  private final Index index;
  private final ImageIndex images;
  private final Notes notes;
  private final ContainerOutput output;
  private final NodeServices node;
  private final SecureRandom random = new SecureRandom();
  private final SingleFlight<Creation, String> creations = new SingleFlight<>();

  private record Creation(String sandboxId, ContainerMetadata metadata) {
    @Override
    public String toString() {
      return "container %s of pod sandbox %s".formatted(metadata.getName(), sandboxId);
    }
  }

  public CreateContainer(
      Rkt rkt,
      Index index,
      ImageIndex images,
      Notes notes,
      ContainerOutput output,
      NodeServices node) {
    this.rkt = rkt;
    this.index = index;
    this.images = images;
    this.notes = notes;
    this.output = output;
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
    return make(creation, sandbox, request);
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

  private String make(Creation creation, Sandbox sandbox, CreateContainerRequest request) {
    ContainerConfig config = request.getConfig();
    KnownImage image = image(creation, config);
    ContainerSpec spec =
        ContainerSpec.of(
            new ContainerSpec.Request(
                config,
                request.getSandboxConfig(),
                image,
                request.getSandboxConfig().getLinux().getSecurityContext().getPrivileged(),
                node.host()),
            newId(),
            Timestamps.now(node.clock()));
    index.forming(spec.id());
    try {
      amend(creation, sandbox, spec);
      rkt.add(
          creation.toString(),
          sandbox.id(),
          image.rktId(),
          config.getLinux().getSecurityContext().getPrivileged(),
          spec.flags());
      index.put(new Container(spec.facts(), sandbox.id(), spec.app(), spec.streams()));
      return spec.id();
    } catch (CriException e) {
      notes.noteLeftover(spec.id());
      throw e;
    } finally {
      index.formed(spec.id());
    }
  }

  private void amend(Creation creation, Sandbox sandbox, ContainerSpec spec) {
    try {
      output.prepare(sandbox, sandbox.process().orElseThrow(), spec.app(), spec.service());
    } catch (IOException | NoSuchElementException e) {
      throw new CriException(
          Code.FAILED_PRECONDITION,
          "%s: its pod does not take the settings of its service: %s".formatted(creation, e),
          e);
    }
  }

  private String newId() {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private KnownImage image(Creation creation, ContainerConfig config) {
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
}
