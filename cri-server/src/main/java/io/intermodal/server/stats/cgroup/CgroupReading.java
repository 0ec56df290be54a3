package io.intermodal.server.stats.cgroup;

import java.util.List;
import java.util.Optional;

/**
 * What one cgroup and those below it used, at one moment. A part is empty when its controller is
 * not there or was not asked for ({@link Detail}); so is a number inside of a part.
 *
 * @param readAt when it was read, in ns since 1970
 * @param cpu its CPU time and limits
 * @param memory its memory and limits
 * @param devices its input and output by block device ({@link Detail#METRICS})
 * @param tasks its processes and threads
 * @param hugePages by page size ({@link Detail#METRICS})
 * @param cpuPressure how long its tasks waited for a CPU; empty without PSI
 * @param memoryPressure how long its tasks waited for memory; empty without PSI
 * @param ioPressure how long its tasks waited for input and output; empty without PSI
 */
public record CgroupReading(
    long readAt,
    Optional<CpuCounters> cpu,
    Optional<MemoryCounters> memory,
    List<DeviceCounters> devices,
    TaskCounters tasks,
    List<HugePageCounters> hugePages,
    Optional<Pressure> cpuPressure,
    Optional<Pressure> memoryPressure,
    Optional<Pressure> ioPressure) {
  public CgroupReading {
    devices = List.copyOf(devices);
    hugePages = List.copyOf(hugePages);
  }
}
