package io.intermodal.docker.spec.resources;

import com.github.dockerjava.api.command.UpdateContainerCmd;
import com.github.dockerjava.api.model.HostConfig;
import io.intermodal.cri.v1.HugepageLimit;
import io.intermodal.cri.v1.LinuxContainerResources;
import io.intermodal.docker.spec.EngineFeatures;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.node.Host;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * CRI's limits as Docker's, and back.
 *
 * <p>Zero means "not said" in both, a memory limit of -1 none. A memory limit without a swap limit
 * means no swap, as in every runtime of the field; Docker by itself would grant as much swap as
 * memory.
 */
public final class ResourceSpec {
  /** The largest weight that the kernel knows; more means the same. */
  private static final long MAX_CPU_SHARES = 262_144;

  /** What the kernel takes for a period that nobody said, in microseconds. */
  private static final long KERNEL_CPU_PERIOD = 100_000;

  private static final String SWAP_MAX = "memory.swap.max";
  private static final Pattern UNIFIED_FILE = Pattern.compile("[a-z]+(\\.[a-zA-Z0-9_]+)+");
  private static final Pattern PAGE_SIZE = Pattern.compile("[0-9]+[KMG]B");
  private static final Pattern BYTES = Pattern.compile("[0-9]{1,18}");

  private final EngineFeatures features;
  private final Host host;

  public ResourceSpec(EngineFeatures features, Host host) {
    this.features = features;
    this.host = host;
  }

  /**
   * Puts the limits of a new container into Docker's request.
   *
   * @return what is left to write once the container runs
   * @throws CriException INVALID_ARGUMENT for values that cannot be meant, UNIMPLEMENTED for cgroup
   *     files where the host has no cgroup version 2
   */
  public CgroupSettings fill(HostConfig target, LinuxContainerResources wish) {
    CgroupSettings settings = check(wish);
    put(target, wish, memoryAndSwap(wish, wish.getMemoryLimitInBytes()));
    target.withOomScoreAdj(host.clampOomScoreAdj(wish.getOomScoreAdj()));
    return settings;
  }

  /**
   * Puts changed limits into Docker's request; what the wish does not say stays as it is. The oom
   * score is not changed: it belongs to the process, which Docker's update does not touch, and
   * kubelets send it along with every resize.
   *
   * @param present the container's configuration before the update
   * @return what is left to write after Docker has done its part
   * @throws CriException as {@link #fill}
   */
  public CgroupSettings update(
      UpdateContainerCmd target, LinuxContainerResources wish, HostConfig present) {
    CgroupSettings settings = check(wish);
    if (wish.getMemoryLimitInBytes() < 0 && orZero(present.getMemory()) > 0) {
      throw CriException.unimplemented(
          "memory_limit_in_bytes -1: Docker cannot take a memory limit away again; give a larger one");
    }
    long memory =
        wish.getMemoryLimitInBytes() != 0
            ? wish.getMemoryLimitInBytes()
            : orZero(present.getMemory());
    boolean memoryMatters =
        wish.getMemoryLimitInBytes() != 0
            || wish.getMemorySwapLimitInBytes() != 0
            || settings.unified().containsKey(SWAP_MAX);
    HostConfig changes =
        put(new HostConfig(), wish, memoryMatters ? memoryAndSwap(wish, memory) : null);
    target
        .withCpuPeriod(changes.getCpuPeriod())
        .withCpuQuota(changes.getCpuQuota())
        .withCpuShares(changes.getCpuShares())
        .withCpusetCpus(changes.getCpusetCpus())
        .withCpusetMems(changes.getCpusetMems())
        .withMemory(changes.getMemory())
        .withMemorySwap(changes.getMemorySwap());
    return settings;
  }

  /** Puts what is said; the rest stays null, which Docker takes for unsaid. */
  private static HostConfig put(
      HostConfig target, LinuxContainerResources wish, @Nullable Long memoryAndSwap) {
    if (wish.getCpuPeriod() != 0) {
      target.withCpuPeriod(wish.getCpuPeriod());
    }
    if (wish.getCpuQuota() != 0) {
      target.withCpuQuota(wish.getCpuQuota());
    }
    if (wish.getCpuShares() != 0) {
      target.withCpuShares((int) Math.min(wish.getCpuShares(), MAX_CPU_SHARES));
    }
    if (!wish.getCpusetCpus().isEmpty()) {
      target.withCpusetCpus(wish.getCpusetCpus());
    }
    if (!wish.getCpusetMems().isEmpty()) {
      target.withCpusetMems(wish.getCpusetMems());
    }
    if (wish.getMemoryLimitInBytes() > 0) {
      target.withMemory(wish.getMemoryLimitInBytes());
    }
    if (memoryAndSwap != null) {
      target.withMemorySwap(memoryAndSwap);
    }
    return target;
  }

  /** The limits as the container has them: Docker's, and ours. */
  public static LinuxContainerResources read(HostConfig config, CgroupSettings settings) {
    long quota = orZero(config.getCpuQuota());
    long period = orZero(config.getCpuPeriod());
    LinuxContainerResources docker =
        LinuxContainerResources.newBuilder()
            // A kubelet reads a CPU limit only from both, and an unsaid period is the kernel's.
            .setCpuPeriod(quota > 0 && period == 0 ? KERNEL_CPU_PERIOD : period)
            .setCpuQuota(quota)
            .setCpuShares(orZero(config.getCpuShares()))
            .setMemoryLimitInBytes(orZero(config.getMemory()))
            .setMemorySwapLimitInBytes(orZero(config.getMemorySwap()))
            .setOomScoreAdj(orZero(config.getOomScoreAdj()))
            .setCpusetCpus(orEmpty(config.getCpusetCpus()))
            .setCpusetMems(orEmpty(config.getCpusetMems()))
            .build();
    return with(docker, settings);
  }

  /** The same limits, with these settings in place of those that Docker does not keep. */
  public static LinuxContainerResources with(
      LinuxContainerResources limits, CgroupSettings settings) {
    LinuxContainerResources.Builder resources =
        limits.toBuilder().clearUnified().clearHugepageLimits().putAllUnified(settings.unified());
    settings.hugepages().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry ->
            resources.addHugepageLimits(
                HugepageLimit.newBuilder()
                    .setPageSize(entry.getKey())
                    .setLimit(Long.parseUnsignedLong(entry.getValue()))));
    return resources.build();
  }

  /**
   * Looks whether the values can be meant.
   *
   * @return those of them that Docker's API does not have
   * @throws CriException as {@link #fill}
   */
  public CgroupSettings check(LinuxContainerResources wish) {
    refuseBelow("cpu_period", wish.getCpuPeriod(), 0);
    refuseBelow("cpu_quota", wish.getCpuQuota(), -1);
    refuseBelow("cpu_shares", wish.getCpuShares(), 0);
    refuseBelow("memory_limit_in_bytes", wish.getMemoryLimitInBytes(), -1);
    refuseBelow("memory_swap_limit_in_bytes", wish.getMemorySwapLimitInBytes(), -1);
    return settings(wish);
  }

  private static void refuseBelow(String field, long value, long lowest) {
    if (value < lowest) {
      throw CriException.invalid("%s: %d (expected: >= %d)".formatted(field, value, lowest));
    }
  }

  private CgroupSettings settings(LinuxContainerResources wish) {
    if (wish.getUnifiedCount() > 0 && features.cgroups() != Host.Cgroups.V2) {
      throw CriException.unimplemented(
          "unified %s: these are files of cgroup version 2, and this engine uses version 1"
              .formatted(wish.getUnifiedMap().keySet()));
    }
    wish.getUnifiedMap()
        .forEach((file, value) -> {
          if (!UNIFIED_FILE.matcher(file).matches()) {
            throw CriException.invalid(
                "unified \"%s\": not the name of a cgroup file".formatted(file));
          }
        });
    Map<String, String> hugepages = new LinkedHashMap<>();
    for (HugepageLimit limit : wish.getHugepageLimitsList()) {
      if (!PAGE_SIZE.matcher(limit.getPageSize()).matches()) {
        throw CriException.invalid(
            "hugepage_limits: page size \"%s\" (expected: like 2MB or 1GB)"
                .formatted(limit.getPageSize()));
      }
      hugepages.put(limit.getPageSize(), Long.toUnsignedString(limit.getLimit()));
    }
    return new CgroupSettings(wish.getUnifiedMap(), hugepages);
  }

  /** Docker's MemorySwap, which counts memory and swap together; null leaves it unsaid. */
  private static @Nullable Long memoryAndSwap(LinuxContainerResources wish, long memory) {
    if (wish.getMemorySwapLimitInBytes() != 0) {
      return wish.getMemorySwapLimitInBytes();
    }
    if (memory <= 0) {
      // Docker limits swap only together with memory; a swap file in unified is written later.
      return null;
    }
    String swapOnly = wish.getUnifiedOrDefault(SWAP_MAX, "0");
    if (swapOnly.equals("max")) {
      return -1L;
    }
    return BYTES.matcher(swapOnly).matches() ? memory + Long.parseLong(swapOnly) : memory;
  }

  private static long orZero(@Nullable Number value) {
    return value == null ? 0 : value.longValue();
  }

  private static String orEmpty(@Nullable String value) {
    return value == null ? "" : value;
  }
}
