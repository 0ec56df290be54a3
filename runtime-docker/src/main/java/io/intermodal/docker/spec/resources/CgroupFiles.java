package io.intermodal.docker.spec.resources;

import io.intermodal.docker.spec.EngineFeatures;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.node.Host;
import java.io.IOException;
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
      folder("", containerId, cgroupParent, pid)
          .ifPresent(folder -> settings.unified().forEach(folder::write));
    }
    if (!settings.hugepages().isEmpty()) {
      boolean unified = features.cgroups() == Host.Cgroups.V2;
      folder(unified ? "" : "hugetlb", containerId, cgroupParent, pid)
          .ifPresent(folder ->
              settings
                  .hugepages()
                  .forEach((size, limit) -> {
                    String file = hugepages(size, unified);
                    if (folder.has(file)) {
                      folder.write(file, limit);
                    }
                  }));
    }
  }

  /** The file that limits huge pages of this size. */
  static String hugepages(String size, boolean unified) {
    return "hugetlb." + size + (unified ? ".max" : ".limit_in_bytes");
  }

  /** The container's cgroup; empty when it has ended meanwhile and there is nothing to limit. */
  private Optional<CgroupFolder> folder(
      String controller, String containerId, String cgroupParent, LongSupplier pid) {
    String path = new CgroupPaths(features.cgroupDriver()).ofContainer(containerId, cgroupParent);
    Path usual = cgroupRoot.resolve(controller).resolve(path);
    Optional<Path> found =
        Files.isDirectory(usual) ? Optional.of(usual) : folderOf(controller, pid.getAsLong());
    return found.map(folder -> new CgroupFolder(folder, "container " + containerId));
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
