package io.intermodal.docker.spec.resources;

import io.intermodal.cri.v1.LinuxContainerResources;
import io.intermodal.docker.spec.EngineFeatures;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.node.Host;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The limits of a pod as a whole, in the cgroup that was made for it before its sandbox.
 *
 * <p>A kubelet sets them itself before it tells a runtime, so mostly nothing differs. A limit that
 * the cgroup does not have is not brought in: where one container has no limit the pod has none,
 * but older kubelets still tell the sum of the other containers' limits.
 */
public final class PodCgroup {
  /** What version 1 shows for "no memory limit" is the largest number of whole pages. */
  private static final long MEMORY_UNLIMITED = 1L << 62;

  private static final long KERNEL_CPU_PERIOD = 100_000;

  private final boolean unified;
  private final Path cgroupRoot;
  private final String podId;
  private final String path;

  /**
   * The cgroup in the host's own hierarchy.
   *
   * @param path as {@link CgroupPaths#ofPod} gives it
   */
  public PodCgroup(EngineFeatures features, String podId, String path) {
    this(features, Path.of("/sys/fs/cgroup"), podId, path);
  }

  PodCgroup(EngineFeatures features, Path cgroupRoot, String podId, String path) {
    this.unified = features.cgroups() == Host.Cgroups.V2;
    this.cgroupRoot = cgroupRoot;
    this.podId = podId;
    this.path = path;
  }

  /**
   * Writes the sums of both where they differ from what is there. What {@code resources} does not
   * say stays as it is.
   *
   * @param overhead what the sandbox takes besides its containers
   * @param resources what the containers may take together
   * @param further the part of both that is written to files by name
   * @throws CriException FAILED_PRECONDITION naming the file that the kernel refuses or lacks
   */
  public void change(
      LinuxContainerResources overhead, LinuxContainerResources resources, CgroupSettings further) {
    if (resources.getCpuShares() > 0) {
      changeShares(resources.getCpuShares() + overhead.getCpuShares());
    }
    if (resources.getCpuQuota() != 0) {
      changeQuota(
          sum(resources.getCpuQuota(), overhead.getCpuQuota()),
          resources.getCpuPeriod() == 0 ? KERNEL_CPU_PERIOD : resources.getCpuPeriod());
    }
    if (resources.getMemoryLimitInBytes() != 0) {
      changeMemory(sum(resources.getMemoryLimitInBytes(), overhead.getMemoryLimitInBytes()));
    }
    further.unified().forEach((file, value) -> writeIfOther(folder(""), file, value));
    further.hugepages().forEach(this::changeHugepages);
  }

  private void changeShares(long shares) {
    CgroupFolder folder = folder("cpu");
    if (!unified) {
      writeIfOther(folder, "cpu.shares", Long.toString(shares));
      return;
    }
    String present = folder.read("cpu.weight");
    if (CpuWeight.ofShares(shares).stream().noneMatch(w -> present.equals(Long.toString(w)))) {
      folder.write("cpu.weight", Long.toString(CpuWeight.ofShares(shares).getFirst()));
    }
  }

  private void changeQuota(long quota, long period) {
    CgroupFolder folder = folder("cpu");
    if (unified) {
      if (!folder.read("cpu.max").startsWith("max")) {
        writeIfOther(folder, "cpu.max", (quota < 0 ? "max" : quota) + " " + period);
      }
    } else if (number(folder, "cpu.cfs_quota_us") > 0) {
      writeIfOther(folder, "cpu.cfs_period_us", Long.toString(period));
      writeIfOther(folder, "cpu.cfs_quota_us", Long.toString(quota));
    }
  }

  private void changeMemory(long bytes) {
    CgroupFolder folder = folder("memory");
    if (unified) {
      if (!folder.read("memory.max").equals("max")) {
        writeIfOther(folder, "memory.max", bytes < 0 ? "max" : Long.toString(bytes));
      }
    } else if (number(folder, "memory.limit_in_bytes") < MEMORY_UNLIMITED) {
      writeIfOther(folder, "memory.limit_in_bytes", Long.toString(bytes));
    }
  }

  private void changeHugepages(String size, String limit) {
    CgroupFolder folder = new CgroupFolder(path("hugetlb"), owner());
    String file = CgroupFiles.hugepages(size, unified);
    if (folder.has(file)) {
      writeIfOther(folder, file, limit);
    }
  }

  private static void writeIfOther(CgroupFolder folder, String file, String value) {
    if (!folder.read(file).equals(value)) {
      folder.write(file, value);
    }
  }

  private static long number(CgroupFolder folder, String file) {
    return Long.parseLong(folder.read(file));
  }

  /** Negative, for no limit, if one of them is. */
  private static long sum(long limit, long overhead) {
    return limit < 0 || overhead < 0 ? -1 : limit + overhead;
  }

  private CgroupFolder folder(String controller) {
    Path folder = path(controller);
    if (!Files.isDirectory(folder)) {
      throw CriException.failedPrecondition(
          "%s: its cgroup %s does not exist: whoever made it has removed it"
              .formatted(owner(), folder));
    }
    return new CgroupFolder(folder, owner());
  }

  private Path path(String controller) {
    return unified ? cgroupRoot.resolve(path) : cgroupRoot.resolve(controller).resolve(path);
  }

  private String owner() {
    return "pod sandbox " + podId;
  }
}
