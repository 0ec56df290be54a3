package io.intermodal.docker.spec.resources;

import io.intermodal.cri.v1.CgroupDriver;
import io.intermodal.docker.spec.EngineFeatures;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.node.Host;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Writes what Docker cannot set into the cgroup of a running container. */
public final class CgroupFiles {
  private final EngineFeatures features;
  private final Path cgroupRoot;
  private final Path proc;

  /** The host's own hierarchy. */
  public CgroupFiles(EngineFeatures features) {
    this(features, Path.of("/sys/fs/cgroup"), Path.of("/proc"));
  }

  CgroupFiles(EngineFeatures features, Path cgroupRoot, Path proc) {
    this.features = features;
    this.cgroupRoot = cgroupRoot;
    this.proc = proc;
  }

  /**
   * Writes the settings. A host without huge page accounting is let pass: kubelets send these
   * limits with every container.
   *
   * @param containerId the container's full id
   * @param cgroupParent the container's cgroup parent as Docker has it, "" for Docker's own
   * @param pid asks Docker for the container's process id; called only when the cgroup is not where
   *     Docker usually makes it, and may answer 0 for a container that has ended
   * @throws CriException FAILED_PRECONDITION naming the file when the kernel refuses or lacks it
   */
  public void write(
      String containerId, String cgroupParent, LongSupplier pid, CgroupSettings settings) {
    if (!settings.unified().isEmpty()) {
      Optional<Path> folder = folder("", containerId, cgroupParent, pid);
      if (folder.isPresent()) {
        settings.unified().forEach((file, value) -> write(folder.get(), file, value, containerId));
      }
    }
    if (!settings.hugepages().isEmpty()) {
      boolean unified = features.cgroups() == Host.Cgroups.V2;
      Optional<Path> folder = folder(unified ? "" : "hugetlb", containerId, cgroupParent, pid);
      settings
          .hugepages()
          .forEach((size, limit) -> {
            String file = "hugetlb." + size + (unified ? ".max" : ".limit_in_bytes");
            if (folder.isPresent() && Files.exists(folder.get().resolve(file))) {
              write(folder.get(), file, limit, containerId);
            }
          });
    }
  }

  private static void write(Path folder, String file, String value, String containerId) {
    try {
      Files.writeString(folder.resolve(file), value, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new CriException(
          Code.FAILED_PRECONDITION,
          "container %s: writing \"%s\" to the cgroup file %s failed: %s"
              .formatted(containerId, value, folder.resolve(file), e),
          e);
    }
  }

  /** The container's cgroup; empty when it has ended meanwhile and there is nothing to limit. */
  private Optional<Path> folder(
      String controller, String containerId, String cgroupParent, LongSupplier pid) {
    Path usual = cgroupRoot.resolve(controller).resolve(usualPath(containerId, cgroupParent));
    return Files.isDirectory(usual) ? Optional.of(usual) : folderOf(controller, pid.getAsLong());
  }

  private String usualPath(String containerId, String cgroupParent) {
    if (features.cgroupDriver() == CgroupDriver.SYSTEMD) {
      return slicePath(cgroupParent.isEmpty() ? "system.slice" : cgroupParent)
          + "docker-"
          + containerId
          + ".scope";
    }
    String parent = cgroupParent.isEmpty() ? "docker" : cgroupParent;
    return (parent.startsWith("/") ? parent.substring(1) : parent) + "/" + containerId;
  }

  /** The folder of a systemd slice: {@code a-b.slice} lies in {@code a.slice}. */
  private static String slicePath(String slice) {
    StringBuilder path = new StringBuilder();
    String name = slice.substring(0, slice.length() - ".slice".length());
    for (int dash = name.indexOf('-'); dash >= 0; dash = name.indexOf('-', dash + 1)) {
      path.append(name, 0, dash).append(".slice/");
    }
    return path.append(slice).append('/').toString();
  }

  private Optional<Path> folderOf(String controller, long pid) {
    if (pid <= 0) {
      return Optional.empty();
    }
    try {
      List<String> lines = Files.readAllLines(proc.resolve(pid + "/cgroup"));
      for (String line : lines) {
        String[] parts = line.split(":", 3);
        if (parts.length == 3 && List.of(parts[1].split(",", -1)).contains(controller)) {
          return Optional.of(cgroupRoot.resolve(controller).resolve(parts[2].substring(1)));
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      // The process is gone, and with it what was to be limited.
      return Optional.empty();
    }
  }
}
