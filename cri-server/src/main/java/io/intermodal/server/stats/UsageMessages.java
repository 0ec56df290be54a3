package io.intermodal.server.stats;

import io.intermodal.cri.v1.CpuUsage;
import io.intermodal.cri.v1.IoUsage;
import io.intermodal.cri.v1.MemoryUsage;
import io.intermodal.cri.v1.NetworkInterfaceUsage;
import io.intermodal.cri.v1.NetworkUsage;
import io.intermodal.cri.v1.PsiData;
import io.intermodal.cri.v1.PsiStats;
import io.intermodal.cri.v1.SwapUsage;
import io.intermodal.cri.v1.UInt64Value;
import io.intermodal.server.stats.cgroup.CgroupReading;
import io.intermodal.server.stats.cgroup.CpuCounters;
import io.intermodal.server.stats.cgroup.MemoryCounters;
import io.intermodal.server.stats.cgroup.Pressure;
import io.intermodal.server.stats.network.InterfaceCounters;
import io.intermodal.server.stats.network.NetworkReading;
import java.util.Optional;
import java.util.OptionalLong;

/** Readings as CRI's messages. */
final class UsageMessages {
  private UsageMessages() {}

  static CpuUsage cpu(CgroupReading reading, CpuCounters cpu, OptionalLong rate) {
    CpuUsage.Builder usage =
        CpuUsage.newBuilder()
            .setTimestamp(reading.readAt())
            .setUsageCoreNanoSeconds(value(cpu.usage()));
    rate.ifPresent(nanoCores -> usage.setUsageNanoCores(value(nanoCores)));
    reading.cpuPressure().ifPresent(pressure -> usage.setPsi(psi(pressure)));
    return usage.build();
  }

  static MemoryUsage memory(CgroupReading reading, MemoryCounters memory) {
    MemoryUsage.Builder usage =
        MemoryUsage.newBuilder()
            .setTimestamp(reading.readAt())
            .setUsageBytes(value(memory.usage()))
            .setWorkingSetBytes(value(memory.workingSet()));
    memory
        .limit()
        .ifPresent(
            limit -> usage.setAvailableBytes(value(Math.max(0, limit - memory.workingSet()))));
    memory.rss().ifPresent(rss -> usage.setRssBytes(value(rss)));
    memory.pageFaults().ifPresent(faults -> usage.setPageFaults(value(faults)));
    memory.majorPageFaults().ifPresent(faults -> usage.setMajorPageFaults(value(faults)));
    reading.memoryPressure().ifPresent(pressure -> usage.setPsi(psi(pressure)));
    return usage.build();
  }

  /** Empty without swap accounting. */
  static Optional<SwapUsage> swap(CgroupReading reading, MemoryCounters memory) {
    if (memory.swap().isEmpty()) {
      return Optional.empty();
    }
    long swapped = memory.swap().getAsLong();
    SwapUsage.Builder usage =
        SwapUsage.newBuilder().setTimestamp(reading.readAt()).setSwapUsageBytes(value(swapped));
    memory
        .swapLimit()
        .ifPresent(limit -> usage.setSwapAvailableBytes(value(Math.max(0, limit - swapped))));
    return Optional.of(usage.build());
  }

  /** Empty without PSI, which is all there is in the message. */
  static Optional<IoUsage> io(CgroupReading reading) {
    return reading
        .ioPressure()
        .map(pressure ->
            IoUsage.newBuilder().setTimestamp(reading.readAt()).setPsi(psi(pressure)).build());
  }

  private static PsiStats psi(Pressure pressure) {
    PsiStats.Builder stats = PsiStats.newBuilder().setSome(psi(pressure.some()));
    pressure.full().ifPresent(full -> stats.setFull(psi(full)));
    return stats.build();
  }

  private static PsiData psi(Pressure.Stall stall) {
    return PsiData.newBuilder()
        .setTotal(stall.total())
        .setAvg10(stall.avg10())
        .setAvg60(stall.avg60())
        .setAvg300(stall.avg300())
        .build();
  }

  static NetworkUsage network(NetworkReading reading) {
    NetworkUsage.Builder usage = NetworkUsage.newBuilder().setTimestamp(reading.readAt());
    reading.defaultInterface().ifPresent(one -> usage.setDefaultInterface(network(one)));
    reading.others().forEach(one -> usage.addInterfaces(network(one)));
    return usage.build();
  }

  private static NetworkInterfaceUsage network(InterfaceCounters one) {
    return NetworkInterfaceUsage.newBuilder()
        .setName(one.name())
        .setRxBytes(value(one.receivedBytes()))
        .setRxErrors(value(one.receiveErrors()))
        .setTxBytes(value(one.sentBytes()))
        .setTxErrors(value(one.sendErrors()))
        .build();
  }

  static UInt64Value value(long value) {
    return UInt64Value.newBuilder().setValue(value).build();
  }
}
