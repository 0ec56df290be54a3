package io.intermodal.server.stats.cgroup.hierarchy;

import static io.intermodal.server.stats.cgroup.hierarchy.SmallFiles.limit;
import static io.intermodal.server.stats.cgroup.hierarchy.SmallFiles.number;

import io.intermodal.runtime.contract.Timestamps;
import io.intermodal.runtime.node.statistics.CgroupPlace;
import io.intermodal.server.stats.cgroup.CgroupReader;
import io.intermodal.server.stats.cgroup.CgroupReading;
import io.intermodal.server.stats.cgroup.CpuCounters;
import io.intermodal.server.stats.cgroup.Detail;
import io.intermodal.server.stats.cgroup.MemoryCounters;
import io.intermodal.server.stats.cgroup.TaskCounters;
import io.intermodal.server.stats.files.FileText;
import io.intermodal.server.stats.files.KeptFiles;
import io.intermodal.server.stats.files.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Version 1: a hierarchy for each controller. {@code memory.stat} contains the swapped part too,
 * and limits that are those of cgroups above as well, as that of all pods: a container's own are
 * files. Pressure is in the unified hierarchy of a hybrid host, where engines make the same cgroup.
 */
final class VersionOne implements CgroupReader {
  private static final List<String> CONTROLLERS =
      List.of("cpuacct", "cpu", "memory", "blkio", "pids", "hugetlb", CgroupFolders.UNIFIED);
  private static final List<String> WITNESSES = List.of("cpuacct", "memory");

  private static final Names MEMORY =
      Names.of(
          "pgfault",
          "pgmajfault",
          "total_cache",
          "total_rss",
          "total_mapped_file",
          "total_swap",
          "total_pgfault",
          "total_pgmajfault",
          "total_inactive_file",
          "total_active_file");
  private static final Names CPU = Names.of("nr_periods", "nr_throttled", "throttled_time");
  private static final Names OOM = Names.of("oom_kill");
  private static final Names UNIFIED_CPU = Names.of("usage_usec");

  private final CgroupFolders folders;
  private final Clock clock;
  private final KeptCgroups kept;

  VersionOne(CgroupFolders folders, Clock clock, int mostFiles) {
    this.folders = folders;
    this.clock = clock;
    this.kept = new KeptCgroups(mostFiles, this::files, KeptCgroups.IDLE, System::nanoTime);
  }

  @Override
  public Optional<CgroupReading> read(CgroupPlace place, Detail detail) {
    return kept.read(place, (files, text) -> reading(place, files, detail, text));
  }

  @Override
  public List<Long> processes(CgroupPlace place) {
    Map<String, Path> found = folders.ofControllers(place, CONTROLLERS, WITNESSES);
    Path folder = found.containsKey("memory") ? found.get("memory") : found.get("cpuacct");
    return folder == null ? List.of() : SmallFiles.processes(folder, new FileText());
  }

  @Override
  public void close() {
    kept.close();
  }

  private Map<StatisticsFile, Path> files(CgroupPlace place) {
    Map<String, Path> found = folders.ofControllers(place, CONTROLLERS, WITNESSES);
    Map<StatisticsFile, Path> files = new EnumMap<>(StatisticsFile.class);
    Path cpuacct = found.get("cpuacct");
    if (cpuacct != null && Files.exists(cpuacct.resolve("cpuacct.usage"))) {
      put(files, StatisticsFile.CPU, cpuacct, "cpuacct.usage");
    } else {
      // Some engines make no cgroup for this controller; the unified hierarchy counts the same.
      put(files, StatisticsFile.CPU, found.get(CgroupFolders.UNIFIED), "cpu.stat");
    }
    put(files, StatisticsFile.MEMORY, found.get("memory"), "memory.usage_in_bytes");
    put(files, StatisticsFile.MEMORY_STAT, found.get("memory"), "memory.stat");
    put(files, StatisticsFile.MEMORY_LIMIT, found.get("memory"), "memory.limit_in_bytes");
    put(files, StatisticsFile.SWAP_LIMIT, found.get("memory"), "memory.memsw.limit_in_bytes");
    put(files, StatisticsFile.CPU_PRESSURE, found.get(CgroupFolders.UNIFIED), "cpu.pressure");
    put(files, StatisticsFile.MEMORY_PRESSURE, found.get(CgroupFolders.UNIFIED), "memory.pressure");
    put(files, StatisticsFile.IO_PRESSURE, found.get(CgroupFolders.UNIFIED), "io.pressure");
    return files;
  }

  private static void put(
      Map<StatisticsFile, Path> files, StatisticsFile file, @Nullable Path folder, String name) {
    if (folder != null) {
      files.put(file, folder.resolve(name));
    }
  }

  private Optional<CgroupReading> reading(
      CgroupPlace place, KeptFiles<StatisticsFile> files, Detail detail, FileText text)
      throws IOException {
    Map<String, Path> more =
        detail == Detail.METRICS ? folders.ofControllers(place, CONTROLLERS, WITNESSES) : Map.of();
    long now = Timestamps.now(clock);
    Optional<CpuCounters> cpu = cpu(files, more, text);
    Optional<MemoryCounters> memory = memory(files, more.get("memory"), text);
    if (cpu.isEmpty() && memory.isEmpty()) {
      return Optional.empty();
    }
    Path blkio = more.get("blkio");
    Path pids = more.get("pids");
    Path hugetlb = more.get("hugetlb");
    return Optional.of(
        new CgroupReading(
            now,
            cpu,
            memory,
            blkio == null ? List.of() : Devices.versionOne(blkio, text),
            pids == null ? TaskCounters.NONE : VersionTwo.tasks(pids, text),
            hugetlb == null ? List.of() : HugePages.versionOne(hugetlb, text),
            SmallFiles.pressure(files, StatisticsFile.CPU_PRESSURE, text),
            SmallFiles.pressure(files, StatisticsFile.MEMORY_PRESSURE, text),
            SmallFiles.pressure(files, StatisticsFile.IO_PRESSURE, text)));
  }

  private static Optional<CpuCounters> cpu(
      KeptFiles<StatisticsFile> files, Map<String, Path> more, FileText text) throws IOException {
    OptionalLong usage =
        files.read(StatisticsFile.CPU, text).map(VersionOne::usage).orElse(OptionalLong.empty());
    if (usage.isEmpty()) {
      return Optional.empty();
    }
    Path cpuacct = more.get("cpuacct");
    OptionalLong none = OptionalLong.empty();
    OptionalLong user =
        cpuacct == null ? none : number(cpuacct.resolve("cpuacct.usage_user"), text);
    OptionalLong system =
        cpuacct == null ? none : number(cpuacct.resolve("cpuacct.usage_sys"), text);
    Path cpu = more.get("cpu");
    Optional<FileText.Numbers> stat =
        Optional.ofNullable(cpu)
            .flatMap(folder -> SmallFiles.text(folder.resolve("cpu.stat"), text))
            .map(file -> file.numbers(CPU));
    return Optional.of(
        new CpuCounters(
            usage.getAsLong(),
            user,
            system,
            stat.map(numbers -> numbers.get("nr_periods")).orElse(none),
            stat.map(numbers -> numbers.get("nr_throttled")).orElse(none),
            stat.map(numbers -> numbers.get("throttled_time")).orElse(none),
            cpu == null ? none : limit(number(cpu.resolve("cpu.cfs_quota_us"), text)),
            cpu == null ? none : number(cpu.resolve("cpu.cfs_period_us"), text),
            cpu == null ? none : number(cpu.resolve("cpu.shares"), text)));
  }

  /** In ns: {@code cpuacct.usage} is nothing but the number, {@code cpu.stat} has names. */
  private static OptionalLong usage(FileText text) {
    OptionalLong alone = text.number();
    return alone.isPresent()
        ? alone
        : SmallFiles.times(text.numbers(UNIFIED_CPU).get("usage_usec"), 1000);
  }

  private static Optional<MemoryCounters> memory(
      KeptFiles<StatisticsFile> files, @Nullable Path more, FileText text) throws IOException {
    OptionalLong usage =
        files.read(StatisticsFile.MEMORY, text).map(FileText::number).orElse(OptionalLong.empty());
    Optional<FileText> stat = files.read(StatisticsFile.MEMORY_STAT, text);
    if (usage.isEmpty() || stat.isEmpty()) {
      return Optional.empty();
    }
    FileText.Numbers numbers = stat.get().numbers(MEMORY);
    OptionalLong limit = limit(VersionTwo.keptNumber(files, StatisticsFile.MEMORY_LIMIT, text));
    OptionalLong none = OptionalLong.empty();
    return Optional.of(
        new MemoryCounters(
            usage.getAsLong(),
            more == null ? none : number(more.resolve("memory.max_usage_in_bytes"), text),
            limit,
            more == null ? none : limit(number(more.resolve("memory.soft_limit_in_bytes"), text)),
            numbers.get("total_cache"),
            numbers.get("total_active_file"),
            numbers.get("total_inactive_file"),
            numbers.get("total_mapped_file"),
            numbers.get("total_rss"),
            more == null ? none : number(more.resolve("memory.kmem.usage_in_bytes"), text),
            numbers.get("total_swap"),
            swapLimit(limit, limit(VersionTwo.keptNumber(files, StatisticsFile.SWAP_LIMIT, text))),
            numbers.get("total_pgfault"),
            numbers.get("total_pgmajfault"),
            numbers.get("pgfault"),
            numbers.get("pgmajfault"),
            more == null ? none : number(more.resolve("memory.failcnt"), text),
            more == null
                ? none
                : SmallFiles.text(more.resolve("memory.oom_control"), text)
                    .map(file -> file.numbers(OOM).get("oom_kill"))
                    .orElse(none)));
  }

  /** Version 1 limits memory and swap together. */
  private static OptionalLong swapLimit(OptionalLong memory, OptionalLong together) {
    return memory.isPresent() && together.isPresent()
        ? OptionalLong.of(Math.max(0, together.getAsLong() - memory.getAsLong()))
        : OptionalLong.empty();
  }
}
