package io.intermodal.rkt.spec;

import io.intermodal.cri.v1.ContainerConfig;
import io.intermodal.cri.v1.ContainerResources;
import io.intermodal.cri.v1.ContainerState;
import io.intermodal.cri.v1.ContainerStatus;
import io.intermodal.cri.v1.ImageSpec;
import io.intermodal.cri.v1.KeyValue;
import io.intermodal.cri.v1.LinuxContainerSecurityContext;
import io.intermodal.cri.v1.PodSandboxConfig;
import io.intermodal.cri.v1.Signal;
import io.intermodal.rkt.image.KnownImage;
import io.intermodal.rkt.index.Container.Streams;
import io.intermodal.rkt.pod.AppService;
import io.intermodal.rkt.pod.Input;
import io.intermodal.rkt.spec.process.ProcessUser;
import io.intermodal.rkt.spec.process.Variable;
import io.intermodal.rkt.spec.process.Words;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.contract.StopSignals;
import io.intermodal.runtime.node.Host;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A container as an app of rkt.
 *
 * @param id the container's id
 * @param app its name in its pod
 * @param facts the status that it will show
 * @param flags those of {@code rkt app add}, after the image
 * @param streams how its process is connected
 * @param service what its service has beside
 */
public record ContainerSpec(
    String id,
    String app,
    ContainerStatus facts,
    List<String> flags,
    Streams streams,
    AppService service) {
  private static final int LONGEST_NAME = 40;
  private static final int ID_IN_NAME = 8;

  /** What a container is made from. */
  public record Request(
      ContainerConfig config,
      PodSandboxConfig pod,
      KnownImage image,
      boolean privilegedPod,
      Host host) {}

  /**
   * Translates a request.
   *
   * @param id 64 hexadecimal digits
   * @param createdAt ns since 1970
   * @throws CriException INVALID_ARGUMENT for what cannot be meant, UNIMPLEMENTED naming what rkt
   *     cannot do, FAILED_PRECONDITION for a mount source that cannot be made
   */
  public static ContainerSpec of(Request request, String id, long createdAt) {
    ContainerConfig config = request.config();
    if (config.getMetadata().getName().isEmpty()) {
      throw CriException.invalid("metadata: the container has no name");
    }
    if (config.getCDIDevicesCount() > 0) {
      throw CriException.unimplemented("CDI devices: rkt knows none");
    }
    LinuxContainerSecurityContext security = config.getLinux().getSecurityContext();
    ProcessUser user = ProcessUser.of(security, request.image());
    String app = appName(config, id);
    ContainerStatus facts = facts(request, id, createdAt, user);
    List<String> flags = new ArrayList<>();
    flags.add("--name=" + app);
    flags.addAll(user.flags());
    if (!config.getWorkingDir().isEmpty()) {
      flags.add("--working-dir=" + config.getWorkingDir());
    }
    for (KeyValue variable : config.getEnvsList()) {
      flags.add(Variable.flag(variable.getKey(), variable.getValue().toStringUtf8()));
    }
    flags.addAll(AppSecurity.flags(security, request.privilegedPod(), request.host()));
    flags.addAll(Limits.flags(config.getLinux().getResources(), request.host()));
    flags.addAll(Volumes.flags(config.getMountsList(), config.getDevicesList()));
    // It has its streams from its service.
    flags.addAll(List.of("--stdin=null", "--stdout=null", "--stderr=null"));
    Streams streams = new Streams(config.getTty(), Input.of(config));
    OwnAnnotations.of(facts, streams)
        .forEach((key, value) -> flags.add("--user-annotation=" + key + "=" + value));
    flags.addAll(
        Words.of(
                config.getCommandList(),
                config.getArgsList(),
                request.image().entrypoint(),
                request.image().command())
            .flags());
    List<String> settings = ServiceSettings.lines(config, app);
    boolean recorded = !facts.getLogPath().isEmpty();
    AppService service =
        config.getTty()
            ? AppService.withTerminal(app, settings, recorded)
            : AppService.carried(app, settings, streams.input(), recorded);
    return new ContainerSpec(id, app, facts, flags, streams, service);
  }

  /**
   * A name that rkt takes and that no other app of the pod has, those included that rkt refused
   * half way: {@code 0-web-3fa2b1c0}. Short, as the sockets' paths are bounded.
   */
  private static String appName(ContainerConfig config, String id) {
    String sanitised =
        config
            .getMetadata()
            .getName()
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("^-|-$", "");
    String name = sanitised.substring(0, Math.min(LONGEST_NAME, sanitised.length()));
    return "%d-%s-%s"
        .formatted(
            config.getMetadata().getAttempt(),
            name.isEmpty() ? "c" : name.replaceAll("-$", ""),
            id.substring(0, ID_IN_NAME));
  }

  private static ContainerStatus facts(
      Request request, String id, long createdAt, ProcessUser user) {
    ContainerConfig config = request.config();
    KnownImage image = request.image();
    Signal stop =
        config.getStopSignal() != Signal.SIGNAL_RUNTIME_DEFAULT
            ? config.getStopSignal()
            : StopSignals.of(image.stopSignal());
    ContainerStatus.Builder status =
        ContainerStatus.newBuilder()
            .setId(id)
            .setMetadata(config.getMetadata())
            .setState(ContainerState.CONTAINER_CREATED)
            .setCreatedAt(createdAt)
            .setImage(
                ImageSpec.newBuilder()
                    .setImage(config.getImage().getImage())
                    .setUserSpecifiedImage(config.getImage().getUserSpecifiedImage()))
            .setImageRef(image.id())
            .setImageId(image.id())
            .putAllLabels(config.getLabelsMap())
            .putAllAnnotations(config.getAnnotationsMap())
            .addAllMounts(config.getMountsList())
            .setLogPath(logPath(request.pod().getLogDirectory(), config.getLogPath()))
            .setUser(user.status())
            .setStopSignal(stop);
    if (config.getLinux().hasResources()) {
      status.setResources(
          ContainerResources.newBuilder().setLinux(Limits.shown(config.getLinux().getResources())));
    }
    return status.build();
  }

  private static String logPath(String directory, String file) {
    if (file.isEmpty() || (directory.isEmpty() && !file.startsWith("/"))) {
      return "";
    }
    try {
      return Path.of(directory, file).normalize().toString();
    } catch (InvalidPathException e) {
      throw new CriException(
          CriException.Code.INVALID_ARGUMENT,
          "log_path \"%s\" in log_directory \"%s\" is no path: %s"
              .formatted(file, directory, e.getReason()),
          e);
    }
  }
}
