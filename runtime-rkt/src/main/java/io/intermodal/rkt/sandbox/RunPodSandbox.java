package io.intermodal.rkt.sandbox;

import io.intermodal.cri.v1.PodSandboxConfig;
import io.intermodal.cri.v1.PodSandboxMetadata;
import io.intermodal.cri.v1.PodSandboxState;
import io.intermodal.cri.v1.PodSandboxStatus;
import io.intermodal.cri.v1.RunPodSandboxRequest;
import io.intermodal.cri.v1.RunPodSandboxResponse;
import io.intermodal.rkt.command.ProgramRun;
import io.intermodal.rkt.command.Rkt;
import io.intermodal.rkt.command.RktCommand;
import io.intermodal.rkt.index.EngineState;
import io.intermodal.rkt.index.Index;
import io.intermodal.rkt.index.Sandbox;
import io.intermodal.rkt.pod.PodProcess;
import io.intermodal.rkt.spec.SandboxFlags;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.CurrentRpc;
import io.intermodal.runtime.SingleFlight;
import io.intermodal.runtime.contract.Timestamps;
import io.intermodal.runtime.node.NodeServices;
import io.intermodal.runtime.node.PodAttachment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * RunPodSandbox: a network namespace, a pod of rkt in it, and the network connected while the pod
 * comes up.
 *
 * <p>A retry with the same metadata joins the running attempt or gets its result. What fails gives
 * back all that it took.
 */
public final class RunPodSandbox {
  private static final Duration SYSCTL = Duration.ofSeconds(10);

  private final Rkt rkt;
  private final SandboxLaunch launch;
  private final SandboxEnd end;
  private final EngineState engine;
  private final Index index;
  private final NodeServices node;
  private final SingleFlight<PodSandboxMetadata, String> starts = new SingleFlight<>();

  public RunPodSandbox(
      Rkt rkt, SandboxEnd end, EngineState engine, Index index, NodeServices node) {
    this.rkt = rkt;
    this.launch = new SandboxLaunch(rkt);
    this.end = end;
    this.engine = engine;
    this.index = index;
    this.node = node;
  }

  public RunPodSandboxResponse run(RunPodSandboxRequest request, Call call) {
    SandboxFlags flags = new SandboxFlags(request.getConfig(), request.getRuntimeHandler());
    flags.check(node.host());
    index.awaitContent(call);
    String id = starts.run(request.getConfig().getMetadata(), call, _ -> existingOrNew(flags));
    return RunPodSandboxResponse.newBuilder().setPodSandboxId(id).build();
  }

  private String existingOrNew(SandboxFlags flags) {
    Optional<Sandbox> existing = index.sandboxOf(flags.config().getMetadata());
    if (existing.isPresent()) {
      Sandbox sandbox = existing.get();
      if (sandbox.state(node.network()) == PodSandboxState.SANDBOX_READY) {
        return sandbox.id();
      }
      if (!sandbox.running()) {
        throw new CriException(
            Code.ALREADY_EXISTS,
            "pod sandbox %s has this metadata and is stopped: remove it or raise the attempt"
                .formatted(sandbox.id()));
      }
      // What an end of ours interrupted: it runs without a network.
      end.remove(sandbox.id());
    }
    engine
        .now()
        .unfit()
        .ifPresent(why -> {
          throw CriException.failedPrecondition("rkt cannot run pods here: " + why);
        });
    return make(flags);
  }

  private String make(SandboxFlags flags) {
    PodSandboxConfig config = flags.config();
    String object = "pod sandbox " + config.getMetadata().getName();
    Place place = Place.make(node, !flags.hostNetwork());
    index.forming(place.name());
    String id = "";
    try {
      PodSandboxStatus facts = flags.facts(Timestamps.now(node.clock()));
      List<Path> cgroups =
          CgroupParent.processFiles(
              rkt.host().cgroups(),
              config.getLinux().getCgroupParent(),
              node.host().cgroups(),
              place.name());
      Map<String, String> environment = new HashMap<>(RktCommand.ENVIRONMENT);
      environment.putAll(flags.environment());
      id =
          launch.begin(
              new SandboxLaunch.Wish(
                  place,
                  flags.hostNetwork() ? Optional.empty() : Optional.of(place.networkNamespace()),
                  cgroups,
                  environment,
                  flags.flags(facts, place.name(), place.logs())));
      PodProcess process = readyAndConnected(id, place, flags);
      setSysctls(process, config.getLinux().getSysctlsMap());
      index.put(
          new Sandbox(facts.toBuilder().setId(id).build(), place.name(), Optional.of(process), 0));
      return id;
    } catch (RuntimeException e) {
      end.discard(id, place);
      throw e instanceof CriException known
          ? new CriException(known.code(), object + ": " + known.getMessage(), known)
          : e;
    } finally {
      index.formed(place.name());
    }
  }

  /** The plugins work while the pod comes up: both take about as long. */
  private PodProcess readyAndConnected(String id, Place place, SandboxFlags flags) {
    CompletableFuture<Void> connected =
        flags.hostNetwork()
            ? CompletableFuture.completedFuture(null)
            : CompletableFuture.runAsync(
                CurrentRpc.carrying(() -> {
                  var _ = node.network().attach(attachment(id, place, flags.config()));
                }),
                task -> Thread.ofVirtual().name("rkt-network").start(task));
    try {
      return launch.awaitReady(id, place);
    } finally {
      join(connected);
    }
  }

  private static void join(CompletableFuture<Void> connected) {
    try {
      connected.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private static PodAttachment attachment(String id, Place place, PodSandboxConfig config) {
    return new PodAttachment(
        id,
        config.getMetadata(),
        place.networkNamespace().toString(),
        config.getPortMappingsList(),
        config.getDnsConfig(),
        config.getAnnotationsMap(),
        config.getLinux().getCgroupParent());
  }

  /** In the pod's namespaces but with the host's files, where {@code /proc/sys} can be written. */
  private static void setSysctls(PodProcess process, Map<String, String> wishes) {
    wishes.forEach((name, value) -> {
      String file = "/proc/sys/" + name.replace('.', '/');
      ProgramRun.Ended ended =
          new ProgramRun(
                  "nsenter",
                  "-t",
                  Long.toString(process.init()),
                  "-n",
                  "-i",
                  "-u",
                  "--",
                  "sh",
                  "-c",
                  "printf %s \"$1\" >\"$2\"",
                  "sh",
                  value,
                  file)
              .run(SYSCTL);
      if (!ended.succeeded()) {
        throw CriException.invalid(
            "sysctl %s=%s is not taken: %s".formatted(name, value, ended.errors().strip()));
      }
    });
  }
}
