package io.intermodal.containerd;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where containerd and what belongs to it are on a node.
 *
 * @param sockets where it listens unless told otherwise, the likeliest first. Docker's private
 *     containerd is none of them: its pods would be Docker's to remove
 * @param programs where it is installed
 * @param configuration its configuration unless its command line names another file
 * @param processes the kernel's folder of processes
 */
record UsualPlaces(List<Path> sockets, List<Path> programs, Path configuration, Path processes) {
  /** Those of this node: containerd by itself, and as K3s, K0s and MicroK8s bring it. */
  static UsualPlaces ofNode() {
    return new UsualPlaces(
        paths(
            "/run/containerd/containerd.sock",
            "/var/run/containerd/containerd.sock",
            "/run/k3s/containerd/containerd.sock",
            "/run/k0s/containerd.sock",
            "/var/snap/microk8s/common/run/containerd.sock"),
        paths(
            "/usr/bin/containerd",
            "/usr/local/bin/containerd",
            "/usr/sbin/containerd",
            "/var/lib/rancher/k3s/data/current/bin/containerd",
            "/var/lib/k0s/bin/containerd",
            "/snap/microk8s/current/bin/containerd"),
        Path.of("/etc/containerd/config.toml"),
        Path.of("/proc"));
  }

  /** Without those that others bring along, who set them up too. */
  List<Path> ownPrograms() {
    return programs.stream().filter(program -> program.startsWith("/usr")).toList();
  }

  private static List<Path> paths(String... paths) {
    return Stream.of(paths).map(Path::of).toList();
  }
}
