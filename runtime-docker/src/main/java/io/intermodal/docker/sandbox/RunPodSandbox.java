package io.intermodal.docker.sandbox;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import io.intermodal.cri.v1.PodSandboxConfig;
import io.intermodal.cri.v1.PodSandboxMetadata;
import io.intermodal.cri.v1.PodSandboxState;
import io.intermodal.cri.v1.RunPodSandboxRequest;
import io.intermodal.cri.v1.RunPodSandboxResponse;
import io.intermodal.docker.api.DockerApi;
import io.intermodal.docker.api.DockerErrors;
import io.intermodal.docker.index.EngineState;
import io.intermodal.docker.index.Index;
import io.intermodal.docker.index.Inspection;
import io.intermodal.docker.index.Sandbox;
import io.intermodal.docker.spec.SandboxSpec;
import io.intermodal.docker.spec.labels.SandboxIdentity;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.SingleFlight;
import io.intermodal.runtime.node.NodeServices;
import io.intermodal.runtime.node.PodAttachment;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * RunPodSandbox: a pause container, and its network connected before the answer. Three calls to the
 * engine: create, start, inspect.
 *
 * <p>A retry with the same metadata joins the running attempt or gets its result. What is left of
 * an attempt that our own end interrupted is removed and made anew.
 */
public final class RunPodSandbox {
  private static final Logger log = LoggerFactory.getLogger(RunPodSandbox.class);

  private final DockerApi docker;
  private final EngineState engine;
  private final Index index;
  private final PauseImage pauseImage;
  private final NodeServices node;
  private final Inspection inspection;
  private final SingleFlight<PodSandboxMetadata, String> starts = new SingleFlight<>();

  public RunPodSandbox(
      DockerApi docker,
      EngineState engine,
      Index index,
      PauseImage pauseImage,
      NodeServices node,
      Inspection inspection) {
    this.docker = docker;
    this.engine = engine;
    this.index = index;
    this.pauseImage = pauseImage;
    this.node = node;
    this.inspection = inspection;
  }

  public RunPodSandboxResponse run(RunPodSandboxRequest request, Call call) {
    PodSandboxConfig config = request.getConfig();
    String name = SandboxIdentity.of(config, request.getRuntimeHandler()).dockerName();
    index.awaitContent(call);
    String id =
        starts.run(config.getMetadata(), call, under -> existingOrNew(name, request, under));
    return RunPodSandboxResponse.newBuilder().setPodSandboxId(id).build();
  }

  private String existingOrNew(String name, RunPodSandboxRequest request, Call call) {
    Optional<Sandbox> existing = index.sandboxOf(request.getConfig().getMetadata());
    if (existing.isPresent()) {
      Sandbox sandbox = existing.get();
      if (sandbox.state(node.network()) == PodSandboxState.SANDBOX_READY) {
        return sandbox.id();
      }
      refuseUnlessHalfMade(name, sandbox);
      discard(sandbox.id());
    }
    index.forming(name);
    try {
      return make(name, request, call);
    } finally {
      index.formed(name);
    }
  }

  /** A sandbox that once was ready has ended: its name stays taken until it is removed. */
  private void refuseUnlessHalfMade(String name, Sandbox sandbox) {
    if (sandbox.finishedAt() > 0) {
      throw new CriException(
          Code.ALREADY_EXISTS,
          "pod sandbox %s (%s) has this metadata and is stopped: remove it or raise the attempt"
              .formatted(sandbox.id(), name));
    }
  }

  private String make(String name, RunPodSandboxRequest request, Call call) {
    String image = pauseImage.ensure(call);
    CreateContainerCmd create = docker.client().createContainerCmd(image);
    new SandboxSpec(engine.facts().features(), node.host())
        .fill(create, request.getConfig(), request.getRuntimeHandler(), image);
    String id = create(name, create);
    try {
      docker.client().startContainerCmd(id).exec();
      Sandbox sandbox = inspected(id);
      if (!sandbox.hostNetwork()) {
        node.network().attach(attachment(sandbox, request.getConfig()));
      }
      index.put(sandbox);
      return id;
    } catch (RuntimeException e) {
      discard(id);
      throw DockerErrors.of("pod sandbox " + name, e);
    }
  }

  private String create(String name, CreateContainerCmd create) {
    try {
      return create.exec().getId();
    } catch (ConflictException e) {
      throw new CriException(
          Code.ALREADY_EXISTS,
          "pod sandbox %s: %s. Remove that container or raise the attempt"
              .formatted(name, DockerErrors.message(e)),
          e);
    } catch (RuntimeException e) {
      throw DockerErrors.of("pod sandbox " + name, e);
    }
  }

  private Sandbox inspected(String id) {
    if (inspection.of(id).orElse(null) instanceof Inspection.OfSandbox(Sandbox sandbox)) {
      if (sandbox.running()) {
        return sandbox;
      }
      throw CriException.failedPrecondition(
          "its pause container ended at once: is the sandbox image made for this machine?");
    }
    throw new CriException(Code.INTERNAL, "container " + id + " lacks the labels it was given");
  }

  private static PodAttachment attachment(Sandbox sandbox, PodSandboxConfig config) {
    return new PodAttachment(
        sandbox.id(),
        config.getMetadata(),
        "/proc/" + sandbox.pid() + "/ns/net",
        config.getPortMappingsList(),
        config.getDnsConfig(),
        config.getAnnotationsMap(),
        config.getLinux().getCgroupParent());
  }

  /** Gives back everything that the attempt took; what cannot be given back now is found later. */
  private void discard(String id) {
    try {
      node.network().detach(id);
    } catch (RuntimeException e) {
      log.warn("sandbox {}: its network is still connected, to be tried again", id, e);
    }
    try {
      docker.client().removeContainerCmd(id).withForce(true).withRemoveVolumes(true).exec();
      index.remove(id);
    } catch (NotFoundException e) {
      index.remove(id);
    } catch (RuntimeException e) {
      log.warn("sandbox {}: its pause container is left behind, shown as not ready", id, e);
    }
  }
}
