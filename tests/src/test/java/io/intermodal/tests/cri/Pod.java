package io.intermodal.tests.cri;

import io.intermodal.cri.v1.ContainerConfig;
import io.intermodal.cri.v1.CreateContainerRequest;
import io.intermodal.cri.v1.PodSandboxConfig;
import io.intermodal.cri.v1.PodSandboxState;
import io.intermodal.cri.v1.PodSandboxStatus;
import io.intermodal.cri.v1.PodSandboxStatusRequest;
import io.intermodal.cri.v1.PortForwardRequest;
import io.intermodal.cri.v1.PullImageRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A pod that was run.
 *
 * @param id the runtime's
 * @param config what was asked for
 */
public record Pod(Cri cri, String id, PodSandboxConfig config) {

  public PodSandboxStatus status() {
    return cri.runtime()
        .podSandboxStatus(PodSandboxStatusRequest.newBuilder().setPodSandboxId(id).build())
        .getStatus();
  }

  public boolean ready() {
    return status().getState() == PodSandboxState.SANDBOX_READY;
  }

  public String ip() {
    return status().getNetwork().getIp();
  }

  /** Pulls an image to where the pod is. */
  public void pull(String image) {
    var _ =
        cri.images()
            .pullImage(
                PullImageRequest.newBuilder()
                    .setImage(Cri.imageSpec(image))
                    .setSandboxConfig(config)
                    .build());
  }

  public void stop() {
    cri.stopPod(id);
  }

  public void remove() {
    cri.removePod(id);
  }

  /** The URL of a session with ports in its network. */
  public String portForwardUrl(List<Integer> ports) {
    return cri.runtime()
        .portForward(PortForwardRequest.newBuilder().setPodSandboxId(id).addAllPort(ports).build())
        .getUrl();
  }

  /** Creates a container and leaves it there. */
  public Container create(ContainerConfig.Builder builder) {
    ContainerConfig container = builder.build();
    createLogFolder(container);
    String containerId =
        cri.runtime()
            .createContainer(
                CreateContainerRequest.newBuilder()
                    .setPodSandboxId(id)
                    .setSandboxConfig(config)
                    .setConfig(container)
                    .build())
            .getContainerId();
    return new Container(cri, containerId, this, container);
  }

  /** As a kubelet does: CRI-O does not. */
  private void createLogFolder(ContainerConfig container) {
    if (container.getLogPath().startsWith(container.getMetadata().getName() + "/")) {
      try {
        Files.createDirectories(
            Path.of(config.getLogDirectory()).resolve(container.getMetadata().getName()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Creates and starts a container. */
  public Container start(ContainerConfig.Builder builder) {
    Container container = create(builder);
    container.start();
    return container;
  }

  /** Starts a shell script. */
  public Container start(String script) {
    return start(cri.shell(script));
  }

  /** Starts a shell script in a container that differs from the default one. */
  public Container start(String script, UnaryOperator<ContainerConfig.Builder> changes) {
    return start(changes.apply(cri.shell(script)));
  }

  /** Starts a container that does nothing until it is stopped, and ends at once then. */
  public Container startIdle(UnaryOperator<ContainerConfig.Builder> changes) {
    return start("trap 'exit 0' TERM; while :; do sleep 3600 & wait $!; done", changes);
  }

  public Container startIdle() {
    return startIdle(config -> config);
  }
}
