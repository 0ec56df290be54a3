package io.intermodal.containerd.config;

import io.intermodal.cri.v1.CgroupDriver;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.tomlj.TomlTable;

/**
 * What the CRI plugin is configured with.
 *
 * @param tables its section in each of the files; what a later one says wins
 */
record CriSection(List<TomlTable> tables) {
  private static final long VERSION_OF_FULL_NAMES = 2;
  private static final long VERSION_OF_TWO_PLUGINS = 3;

  private static final String DEFAULT_RUNTIME = "runc";

  /** The types that runc's options belong to. A section without a type is the built-in runc's. */
  private static final Set<String> RUNC =
      Set.of(
          "", "io.containerd.runc.v2", "io.containerd.runc.v1", "io.containerd.runtime.v1.linux");

  /**
   * @param files in the order in which containerd loads them
   */
  static CriSection of(List<ConfigFile> files) {
    long version = files.stream().mapToLong(ConfigFile::version).max().orElse(0);
    List<TomlTable> tables =
        files.stream()
            .flatMap(file -> namesIn(version).stream().map(file::plugin).flatMap(Optional::stream))
            .toList();
    // containerd 1 has a plugin's section replaced as a whole by the file that comes later, even
    // one that sets a single key; containerd 2, which brought version 3, merges key by key.
    boolean replaced = version < VERSION_OF_TWO_PLUGINS && !tables.isEmpty();
    return new CriSection(replaced ? List.of(tables.getLast()) : tables);
  }

  private static List<String> namesIn(long version) {
    if (version < VERSION_OF_FULL_NAMES) {
      return List.of("cri");
    }
    String full = "io.containerd.grpc.v1.cri";
    return version < VERSION_OF_TWO_PLUGINS
        ? List.of(full)
        : List.of(full, "io.containerd.cri.v1.runtime");
  }

  /**
   * The driver of the default runtime, if that is runc, else that of the first one which is, in
   * alphabetical order: what containerd 2 answers to RuntimeConfig.
   */
  CgroupDriver cgroupDriver() {
    boolean systemd =
        runtimes()
            .filter(runtime -> RUNC.contains(text(in(runtime, "runtime_type"))))
            .findFirst()
            .map(runtime -> option(runtime, "SystemdCgroup"))
            .orElse(Optional.empty())
            // Before runtimes had options; containerd 1.7 still knows it.
            .or(() -> find(List.of("systemd_cgroup")))
            .filter(Boolean.TRUE::equals)
            .isPresent();
    return systemd ? CgroupDriver.SYSTEMD : CgroupDriver.CGROUPFS;
  }

  /** Where the runtimes are described, the default one first. */
  private Stream<List<String>> runtimes() {
    List<String> unnamed = List.of("containerd", "default_runtime");
    if (!text(in(unnamed, "runtime_type")).isEmpty()) {
      return Stream.of(unnamed);
    }
    String named = text(List.of("containerd", "default_runtime_name"));
    Set<String> others = new TreeSet<>(Set.of(DEFAULT_RUNTIME));
    for (TomlTable table : tables) {
      if (table.get(List.of("containerd", "runtimes")) instanceof TomlTable described) {
        others.addAll(described.keySet());
      }
    }
    return Stream.concat(Stream.of(named.isEmpty() ? DEFAULT_RUNTIME : named), others.stream())
        .map(name -> List.of("containerd", "runtimes", name));
  }

  /** An option of a runtime. containerd does not care for upper and lower case in its name. */
  private Optional<Object> option(List<String> runtime, String name) {
    return tables.reversed().stream()
        .map(table -> table.get(in(runtime, "options")))
        .flatMap(options -> options instanceof TomlTable table ? Stream.of(table) : Stream.empty())
        .flatMap(options ->
            options.keySet().stream()
                .filter(key -> key.toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT)))
                .map(key -> options.get(List.of(key))))
        .findFirst();
  }

  private String text(List<String> path) {
    return find(path).map(Object::toString).orElse("");
  }

  private Optional<Object> find(List<String> path) {
    return tables.reversed().stream()
        .flatMap(table -> Stream.ofNullable(table.get(path)))
        .findFirst();
  }

  private static List<String> in(List<String> path, String key) {
    return Stream.concat(path.stream(), Stream.of(key)).toList();
  }
}
