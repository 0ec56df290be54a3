package io.intermodal.containerd.setup;

import io.intermodal.containerd.config.ConfigFile;
import io.intermodal.containerd.config.ContainerdConfig;
import io.intermodal.containerd.config.SwitchedOff;
import io.intermodal.containerd.toml.TomlFile;
import io.intermodal.runtime.setup.SetupException;
import io.intermodal.runtime.setup.WantedFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * containerd's configuration while it is edited: its main file and those that it imports. Each
 * setting is read and changed in the file whose word counts.
 */
final class EditedConfig {
  private static final List<String> VERSION = List.of("version");
  private static final List<String> DISABLED = List.of("disabled_plugins");
  private static final List<String> REQUIRED = List.of("required_plugins");
  private static final List<String> PLUGINS = List.of("plugins");

  private final InstalledContainerd installed;
  private final Path main;

  /** In the order in which containerd loads them. */
  private final Map<Path, TomlFile> files = new LinkedHashMap<>();

  private final Map<Path, List<String>> reasons = new LinkedHashMap<>();
  private final CriKeys keys;

  private EditedConfig(InstalledContainerd installed, Path main) {
    this(installed, main, CriKeys.of(installed.layoutOfNewFile()));
  }

  private EditedConfig(InstalledContainerd installed, Path main, CriKeys keys) {
    this.installed = installed;
    this.main = main;
    this.keys = keys;
  }

  /**
   * @param config what is there
   * @throws SetupException when it is of a version that we, or the installed containerd, do not
   *     know, or its files are of several
   */
  static EditedConfig of(InstalledContainerd installed, Path main, ContainerdConfig config)
      throws SetupException {
    if (config.files().isEmpty()) {
      EditedConfig edited = new EditedConfig(installed, main);
      edited.files.put(
          main, TomlFile.of(main, "version = %d\n".formatted(installed.layoutOfNewFile())));
      edited.because(main, "containerd has no configuration yet");
      return edited;
    }
    ConfigFile first = config.files().getFirst();
    boolean silent = saysNothing(first) && config.files().stream().allMatch(EditedConfig::fitsAny);
    long version = silent ? versionFor(installed, config) : first.version();
    refuseUnknown(installed, first, version);
    EditedConfig edited = new EditedConfig(installed, first.path(), CriKeys.of(version));
    for (ConfigFile other : config.files()) {
      refuseMixed(first, other, version);
      edited.files.put(other.path(), TomlFile.of(other.path(), other.text()));
    }
    for (SwitchedOff line : config.switchedOff()) {
      edited.switchOn(line);
    }
    if (silent) {
      edited.change(
          first.path(),
          edited.file(first.path()).with(VERSION, version),
          "a file that says no version is of version 1, from which containerd 2 reads no CRI");
    }
    return edited;
  }

  /** The version of the imported files; else that of a new one. */
  private static long versionFor(InstalledContainerd installed, ContainerdConfig config) {
    return config.files().stream()
        .filter(ConfigFile::saysVersion)
        .mapToLong(ConfigFile::version)
        .findFirst()
        .orElseGet(installed::layoutOfNewFile);
  }

  /**
   * Whether a file says neither a version nor anything that depends on it. So does the one in
   * Docker's packages.
   */
  private static boolean saysNothing(ConfigFile config) throws SetupException {
    TomlFile file = TomlFile.of(config.path(), config.text());
    return !config.saysVersion()
        && file.get(PLUGINS).filter(plugins -> !plugins.equals(Map.of())).isEmpty()
        && file.get(REQUIRED).filter(plugins -> !plugins.equals(List.of())).isEmpty()
        && file.get(DISABLED).filter(EditedConfig::namesOthersShortly).isEmpty();
  }

  /** Whether a version given to the file that imports this one changes nothing in it. */
  private static boolean fitsAny(ConfigFile file) {
    return file.saysVersion() || file.plugin("cri").isEmpty();
  }

  private static boolean namesOthersShortly(Object plugins) {
    return plugins instanceof List<?> list
        && list.stream()
            .map(String::valueOf)
            .anyMatch(name -> !name.contains(".") && !SwitchedOff.isCri(name));
  }

  private static void refuseUnknown(InstalledContainerd installed, ConfigFile file, long version)
      throws SetupException {
    if (version < 1 || version > installed.newestLayout()) {
      throw new SetupException(
          ("%s says version = %d, but containerd %s reads versions up to %d: write it anew in that"
                  + " one, or move it away")
              .formatted(file.path(), version, installed.version(), installed.newestLayout()));
    }
    if (version == 1 && installed.major() >= 2) {
      throw new SetupException(
          ("%s %s, from which containerd %s reads no CRI: write its plugins by their full names"
                  + " below version = 2, or move it away")
              .formatted(
                  file.path(),
                  file.saysVersion()
                      ? "says version = 1"
                      : "says no version, so it is of version 1",
                  installed.version()));
    }
  }

  private static void refuseMixed(ConfigFile first, ConfigFile other, long version)
      throws SetupException {
    if (other.saysVersion() && other.version() != version) {
      throw new SetupException(
          ("%s says version = %d, and %s, which imports it, is of version %d: bring both to one"
                  + " version (containerd config migrate)")
              .formatted(other.path(), other.version(), first.path(), version));
    }
  }

  private void switchOn(SwitchedOff line) throws SetupException {
    change(
        line.file(),
        file(line.file()).without(DISABLED, name -> SwitchedOff.isCri(String.valueOf(name))),
        "CRI was switched off by disabled_plugins");
  }

  CriKeys keys() {
    return keys;
  }

  /** What counts for a key; empty where no file says anything. */
  Optional<Object> get(List<String> key) {
    return deciding(key).get(key);
  }

  /** What counts for a key that is a string, or nothing. */
  String text(List<String> key) {
    return get(key).map(Object::toString).orElse("");
  }

  /** The names in a table. */
  SortedSet<String> names(List<String> table) {
    SortedSet<String> names = new TreeSet<>();
    List<TomlFile> counted =
        installed.replacesSections() ? List.of(deciding(table)) : List.copyOf(files.values());
    for (TomlFile file : counted) {
      if (file.get(table).orElse(Map.of()) instanceof Map<?, ?> found) {
        found.keySet().forEach(name -> names.add(String.valueOf(name)));
      }
    }
    return names;
  }

  /** Where a key is said, for people. */
  String place(List<String> key) {
    return deciding(key).place(key);
  }

  void set(List<String> key, Object value, String reason) throws SetupException {
    TomlFile file = deciding(key);
    change(file.path(), file.with(key, value), reason);
  }

  /**
   * The file whose word counts. containerd 1 replaces the section of a plugin as a whole by that of
   * the file that comes later, even one that sets a single key; containerd 2 merges key by key.
   */
  private TomlFile deciding(List<String> key) {
    List<String> counted = installed.replacesSections() ? key.subList(0, 2) : key;
    return files.values().stream()
        .filter(file -> file.get(counted).isPresent())
        .reduce((first, second) -> second)
        .orElseGet(() -> file(main));
  }

  private TomlFile file(Path path) {
    return Objects.requireNonNull(files.get(path), path::toString);
  }

  private void change(Path path, TomlFile edited, String reason) {
    if (!edited.text().equals(file(path).text())) {
      files.put(path, edited);
      because(path, reason);
    }
  }

  private void because(Path path, String reason) {
    List<String> known = reasons.computeIfAbsent(path, any -> new ArrayList<>());
    if (!known.contains(reason)) {
      known.add(reason);
    }
  }

  /** All files as they are now. */
  List<WantedFile> wanted() {
    return files.values().stream()
        .map(file ->
            new WantedFile(
                file.path(),
                file.text(),
                String.join(
                    "; ",
                    reasons.getOrDefault(
                        file.path(),
                        List.of(
                            file.path().equals(main)
                                ? "containerd's configuration"
                                : "imported by containerd's configuration")))))
        .toList();
  }
}
