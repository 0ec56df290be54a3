package io.intermodal.server.top.usage;

import io.intermodal.cri.v1.ContainerStats;
import io.intermodal.cri.v1.CpuUsage;
import io.intermodal.cri.v1.LinuxPodSandboxStats;
import io.intermodal.cri.v1.MemoryUsage;
import io.intermodal.cri.v1.NetworkInterfaceUsage;
import io.intermodal.cri.v1.NetworkUsage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a server says about a pod or a container at one moment. Whatever it leaves out is empty.
 *
 * @param cpu nanoseconds of CPU time
 * @param cores the server's own rate of the CPU, which helps until there are two readings
 * @param workingSet memory in bytes
 * @param limit memory in bytes
 * @param received bytes of all interfaces
 * @param sent bytes of all interfaces
 * @param processes how many
 * @param writableLayer bytes
 */
record Reading(
    Optional<Counter> cpu,
    OptionalDouble cores,
    OptionalLong workingSet,
    OptionalLong limit,
    Optional<Counter> received,
    Optional<Counter> sent,
    OptionalLong processes,
    OptionalLong writableLayer) {
  private static final double NANO = 1e-9;

  /** Of something that the server says nothing about. */
  static final Reading NONE =
      of(CpuUsage.getDefaultInstance(), MemoryUsage.getDefaultInstance(), OptionalLong.empty());

  static Reading of(ContainerStats stats) {
    boolean disk = stats.hasWritableLayer() && stats.getWritableLayer().hasUsedBytes();
    return of(
        stats.getCpu(),
        stats.getMemory(),
        disk
            ? OptionalLong.of(stats.getWritableLayer().getUsedBytes().getValue())
            : OptionalLong.empty());
  }

  static Reading of(LinuxPodSandboxStats stats) {
    Reading base = of(stats.getCpu(), stats.getMemory(), OptionalLong.empty());
    boolean counted = stats.hasProcess() && stats.getProcess().hasProcessCount();
    return new Reading(
        base.cpu,
        base.cores,
        base.workingSet,
        base.limit,
        stats.hasNetwork() ? traffic(stats.getNetwork(), true) : Optional.empty(),
        stats.hasNetwork() ? traffic(stats.getNetwork(), false) : Optional.empty(),
        counted
            ? OptionalLong.of(stats.getProcess().getProcessCount().getValue())
            : OptionalLong.empty(),
        OptionalLong.empty());
  }

  private static Reading of(CpuUsage cpu, MemoryUsage memory, OptionalLong writableLayer) {
    return new Reading(
        cpu.hasUsageCoreNanoSeconds()
            ? Optional.of(new Counter(cpu.getTimestamp(), cpu.getUsageCoreNanoSeconds().getValue()))
            : Optional.empty(),
        cpu.hasUsageNanoCores()
            ? OptionalDouble.of(cpu.getUsageNanoCores().getValue() * NANO)
            : OptionalDouble.empty(),
        memory.hasWorkingSetBytes()
            ? OptionalLong.of(memory.getWorkingSetBytes().getValue())
            : OptionalLong.empty(),
        limit(memory),
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        writableLayer);
  }

  /** Some servers say 0 bytes are available where there is no limit. */
  private static OptionalLong limit(MemoryUsage memory) {
    long available = memory.getAvailableBytes().getValue();
    return available > 0 && memory.hasWorkingSetBytes()
        ? OptionalLong.of(available + memory.getWorkingSetBytes().getValue())
        : OptionalLong.empty();
  }

  private static Optional<Counter> traffic(NetworkUsage network, boolean received) {
    // Some servers list the default interface among the others too.
    Map<String, NetworkInterfaceUsage> interfaces = new LinkedHashMap<>();
    network.getInterfacesList().forEach(each -> interfaces.put(each.getName(), each));
    if (network.hasDefaultInterface()) {
      interfaces.put(network.getDefaultInterface().getName(), network.getDefaultInterface());
    }
    if (interfaces.isEmpty()) {
      return Optional.empty();
    }
    long bytes =
        interfaces.values().stream()
            .mapToLong(
                each -> received ? each.getRxBytes().getValue() : each.getTxBytes().getValue())
            .sum();
    return Optional.of(new Counter(network.getTimestamp(), bytes));
  }
}
