package io.intermodal.server.stats.cgroup.hierarchy;

import static io.intermodal.server.stats.cgroup.hierarchy.SmallFiles.limit;
import static io.intermodal.server.stats.cgroup.hierarchy.SmallFiles.number;
import static io.intermodal.server.stats.cgroup.hierarchy.SmallFiles.times;

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
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Version 2: one hierarchy, a folder with all files of a cgroup. */
final class VersionTwo implements CgroupReader {
  private static final Names CPU =
      Names.of(
          "usage_usec", "user_usec", "system_usec", "nr_periods", "nr_throttled", "throttled_usec");
  private static final Names MEMORY =
      Names.of(
          "anon",
          "file",
          "kernel",
          "file_mapped",
          "inactive_file",
          "active_file",
          "pgfault",
          "pgmajfault");
  private static final Names EVENTS = Names.of("max", "oom_kill");

  private static final Map<StatisticsFile, String> FILES =
      Map.of(
          StatisticsFile.CPU, "cpu.stat",
          StatisticsFile.MEMORY, "memory.current",
          StatisticsFile.MEMORY_STAT, "memory.stat",
          StatisticsFile.MEMORY_LIMIT, "memory.max",
          StatisticsFile.SWAP, "memory.swap.current",
          StatisticsFile.SWAP_LIMIT, "memory.swap.max",
          StatisticsFile.CPU_PRESSURE, "cpu.pressure",
          StatisticsFile.MEMORY_PRESSURE, "memory.pressure",
          StatisticsFile.IO_PRESSURE, "io.pressure");

  private final CgroupFolders folders;
  private final Clock clock;
  private final KeptCgroups kept;

  VersionTwo(CgroupFolders folders, Clock clock, int mostFiles) {
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
    return SmallFiles.processes(folders.unified(place), new FileText());
  }

  @Override
  public void close() {
    kept.close();
  }

  private Map<StatisticsFile, Path> files(CgroupPlace place) {
    Path folder = folders.unified(place);
    Map<StatisticsFile, Path> files = new EnumMap<>(StatisticsFile.class);
    FILES.forEach((file, name) -> files.put(file, folder.resolve(name)));
    return files;
  }

  private Optional<CgroupReading> reading(
      CgroupPlace place, KeptFiles<StatisticsFile> files, Detail detail, FileText text)
      throws IOException {
    Path more = detail == Detail.METRICS ? folders.unified(place) : null;
    long now = Timestamps.now(clock);
    Optional<CpuCounters> cpu = cpu(files, more, text);
    Optional<MemoryCounters> memory = memory(files, more, text);
    if (cpu.isEmpty() && memory.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new CgroupReading(
            now,
            cpu,
            memory,
            more == null ? List.of() : Devices.versionTwo(more, text),
            more == null ? TaskCounters.NONE : tasks(more, text),
            more == null ? List.of() : HugePages.versionTwo(more, text),
            SmallFiles.pressure(files, StatisticsFile.CPU_PRESSURE, text),
            SmallFiles.pressure(files, StatisticsFile.MEMORY_PRESSURE, text),
            SmallFiles.pressure(files, StatisticsFile.IO_PRESSURE, text)));
  }

  private static Optional<CpuCounters> cpu(
      KeptFiles<StatisticsFile> files, @Nullable Path more, FileText text) throws IOException {
    Optional<FileText> stat = files.read(StatisticsFile.CPU, text);
    if (stat.isEmpty()) {
      return Optional.empty();
    }
    FileText.Numbers numbers = stat.get().numbers(CPU);
    OptionalLong quota = OptionalLong.empty();
    OptionalLong period = OptionalLong.empty();
    OptionalLong shares = OptionalLong.empty();
    if (more != null) {
      Optional<FileText> max = SmallFiles.text(more.resolve("cpu.max"), text);
      if (max.isPresent()) {
        quota = max.get().number();
        period = quota.isPresent() ? max.get().number() : max.get().numberAfter(' ');
      }
      shares = shares(number(more.resolve("cpu.weight"), text));
    }
    return Optional.of(
        new CpuCounters(
            times(numbers.get("usage_usec"), 1000).orElse(0),
            times(numbers.get("user_usec"), 1000),
            times(numbers.get("system_usec"), 1000),
            numbers.get("nr_periods"),
            numbers.get("nr_throttled"),
            times(numbers.get("throttled_usec"), 1000),
            quota,
            period,
            shares));
  }

  /** Weights of 1 to 10000 on the scale of 2 to 262144; OCI runtimes convert the same way back. */
  private static OptionalLong shares(OptionalLong weight) {
    return weight.isPresent()
        ? OptionalLong.of(2 + (weight.getAsLong() - 1) * 262142 / 9999)
        : OptionalLong.empty();
  }

  private static Optional<MemoryCounters> memory(
      KeptFiles<StatisticsFile> files, @Nullable Path more, FileText text) throws IOException {
    OptionalLong none = OptionalLong.empty();
    OptionalLong usage = keptNumber(files, StatisticsFile.MEMORY, text);
    Optional<FileText> stat = files.read(StatisticsFile.MEMORY_STAT, text);
    if (usage.isEmpty() || stat.isEmpty()) {
      return Optional.empty();
    }
    FileText.Numbers numbers = stat.get().numbers(MEMORY);
    Optional<FileText.Numbers> events =
        Optional.ofNullable(more)
            .flatMap(folder -> SmallFiles.text(folder.resolve("memory.events"), text))
            .map(file -> file.numbers(EVENTS));
    return Optional.of(
        new MemoryCounters(
            usage.getAsLong(),
            more == null ? none : number(more.resolve("memory.peak"), text),
            limit(keptNumber(files, StatisticsFile.MEMORY_LIMIT, text)),
            more == null ? none : limit(number(more.resolve("memory.low"), text)),
            numbers.get("file"),
            numbers.get("active_file"),
            numbers.get("inactive_file"),
            numbers.get("file_mapped"),
            numbers.get("anon"),
            numbers.get("kernel"),
            keptNumber(files, StatisticsFile.SWAP, text),
            limit(keptNumber(files, StatisticsFile.SWAP_LIMIT, text)),
            numbers.get("pgfault"),
            numbers.get("pgmajfault"),
            numbers.get("pgfault"),
            numbers.get("pgmajfault"),
            events.map(file -> file.get("max")).orElse(none),
            events.map(file -> file.get("oom_kill")).orElse(none)));
  }

  static OptionalLong keptNumber(
      KeptFiles<StatisticsFile> files, StatisticsFile file, FileText text) throws IOException {
    return files.read(file, text).map(FileText::number).orElse(OptionalLong.empty());
  }

  /** The pids controller has the same files in both versions. */
  static TaskCounters tasks(Path folder, FileText text) {
    return new TaskCounters(
        number(folder.resolve("pids.current"), text), number(folder.resolve("pids.max"), text));
  }
}
