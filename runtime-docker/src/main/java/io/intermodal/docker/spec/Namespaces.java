package io.intermodal.docker.spec;

import com.github.dockerjava.api.model.HostConfig;
import io.intermodal.cri.v1.NamespaceMode;
import io.intermodal.cri.v1.NamespaceOption;
import io.intermodal.cri.v1.PodSandboxConfig;
import io.intermodal.runtime.CriException;

/** Which namespaces a sandbox makes, and which of them its containers join. */
final class Namespaces {
  private static final String HOST = "host";
  private static final String NONE = "none";
  private static final String PRIVATE = "private";
  private static final String SHAREABLE = "shareable";

  private Namespaces() {}

  /**
   * A sandbox has its own network, which CNI fills, and an IPC namespace that its containers may
   * join, or the host's.
   *
   * @throws CriException INVALID_ARGUMENT for modes that a sandbox cannot have, UNIMPLEMENTED for a
   *     user namespace
   */
  static void ofSandbox(PodSandboxConfig config, HostConfig target) {
    NamespaceOption wish = config.getLinux().getSecurityContext().getNamespaceOptions();
    refuseUserNamespace(wish);
    boolean hostNetwork =
        switch (wish.getNetwork()) {
          case POD -> false;
          case NODE -> true;
          default -> throw unfit("sandbox", "network", wish.getNetwork());
        };
    target.withNetworkMode(hostNetwork ? HOST : NONE);
    target.withIpcMode(
        switch (wish.getIpc()) {
          case POD -> SHAREABLE;
          case NODE -> HOST;
          default -> throw unfit("sandbox", "ipc", wish.getIpc());
        });
    switch (wish.getPid()) {
      case POD, CONTAINER -> {}
      case NODE -> target.withPidMode(HOST);
      default -> throw unfit("sandbox", "pid", wish.getPid());
    }
    if (usesHostName(config)) {
      target.withUtSMode(HOST);
    }
  }

  /**
   * A container joins its sandbox. Also where the pod has the host's network: so it gets the pod's
   * resolver settings, which Docker shares along with the network of a container.
   *
   * @throws CriException INVALID_ARGUMENT for modes that a container cannot have, UNIMPLEMENTED for
   *     a user namespace
   */
  static void ofContainer(
      NamespaceOption wish, PodSandboxConfig pod, String sandboxId, HostConfig target) {
    refuseUserNamespace(wish);
    String sandbox = "container:" + sandboxId;
    target.withNetworkMode(
        switch (wish.getNetwork()) {
          case POD, NODE -> sandbox;
          default -> throw unfit("container", "network", wish.getNetwork());
        });
    target.withIpcMode(
        switch (wish.getIpc()) {
          case POD -> sandbox;
          case NODE -> HOST;
          case CONTAINER -> PRIVATE;
          default -> throw unfit("container", "ipc", wish.getIpc());
        });
    switch (wish.getPid()) {
      case POD -> target.withPidMode(sandbox);
      case CONTAINER -> {}
      case NODE -> target.withPidMode(HOST);
      case TARGET -> {
        if (wish.getTargetId().isEmpty()) {
          throw CriException.invalid("pid namespace TARGET needs a target_id");
        }
        target.withPidMode("container:" + wish.getTargetId());
      }
      default -> throw unfit("container", "pid", wish.getPid());
    }
    if (usesHostName(pod)) {
      target.withUtSMode(HOST);
    }
  }

  /**
   * Whether the pod lives under the host's name: with the host's network and no name of its own it
   * shares the UTS namespace, so that a renamed host is seen.
   */
  private static boolean usesHostName(PodSandboxConfig pod) {
    return pod.getHostname().isEmpty()
        && pod.getLinux().getSecurityContext().getNamespaceOptions().getNetwork()
            == NamespaceMode.NODE;
  }

  private static void refuseUserNamespace(NamespaceOption wish) {
    if (wish.hasUsernsOptions() && wish.getUsernsOptions().getMode() != NamespaceMode.NODE) {
      throw CriException.unimplemented(
          "user namespace %s: Docker has none for a pod; set hostUsers to true"
              .formatted(wish.getUsernsOptions().getMode()));
    }
  }

  private static CriException unfit(String object, String namespace, NamespaceMode mode) {
    return CriException.invalid(
        "%s namespace %s is not possible for a %s".formatted(namespace, mode, object));
  }
}
