package io.intermodal.server.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The effective settings: each from the command line, else the environment, else the file, else its
 * default. Every value has been checked.
 */
public final class Configuration {
  private final Map<String, Value> values;
  private final List<String> warnings;

  private Configuration(Map<String, Value> values, List<String> warnings) {
    this.values = values;
    this.warnings = warnings;
  }

  /** A setting's text and where it was set. */
  public record Value(String text, Source source) {}

  /**
   * Puts the settings together.
   *
   * @param flags what the command line set, by the setting's name
   * @param environment the environment; an empty variable counts as not set
   * @throws ConfigException when a value, or a key of the file, is not accepted
   */
  public static Configuration load(Map<String, String> flags, Map<String, String> environment) {
    Map<String, Value> values = new LinkedHashMap<>();
    Value configFile = value(Settings.CONFIG, flags, environment, null);
    Path file = Settings.CONFIG.parse(configFile.source().describe(), configFile.text());
    boolean read = !(configFile.source() instanceof Source.Default) || Files.exists(file);
    Map<String, ConfigFile.Entry> entries = read ? ConfigFile.read(file, Settings.ALL) : Map.of();
    for (Setting<?> setting : Settings.ALL) {
      ConfigFile.Entry entry = entries.get(setting.name());
      Value inFile =
          entry == null ? null : new Value(entry.text(), new Source.File(file, entry.line()));
      Value value = value(setting, flags, environment, inFile);
      var _ = setting.parse(where(setting, value.source()), value.text());
      values.put(setting.name(), value);
    }
    return new Configuration(values, misspelt(environment));
  }

  /** The effective value. */
  public <T> T get(Setting<T> setting) {
    Value value = value(setting);
    return setting.parse(where(setting, value.source()), value.text());
  }

  /** The effective value as text, and where it was set. */
  public Value value(Setting<?> setting) {
    Value value = values.get(setting.name());
    if (value == null) {
      throw new IllegalArgumentException(setting.name() + " is not in Settings.ALL");
    }
    return value;
  }

  /** What looks like a mistake but need not be one: variables that are nearly a setting's. */
  public List<String> warnings() {
    return warnings;
  }

  private static Value value(
      Setting<?> setting,
      Map<String, String> flags,
      Map<String, String> environment,
      @Nullable Value inFile) {
    String flag = flags.get(setting.name());
    if (flag != null) {
      return new Value(flag, new Source.Flag(setting.flag()));
    }
    String variable = environment.get(setting.environmentVariable());
    if (variable != null && !variable.isEmpty()) {
      return new Value(variable, new Source.Environment(setting.environmentVariable()));
    }
    return inFile != null ? inFile : new Value(setting.defaultText(), new Source.Default());
  }

  private static String where(Setting<?> setting, Source source) {
    return source instanceof Source.File
        ? source.describe() + ": " + setting.name()
        : source.describe();
  }

  private static List<String> misspelt(Map<String, String> environment) {
    List<String> known = Settings.ALL.stream().map(Setting::environmentVariable).toList();
    return environment.keySet().stream()
        .filter(name -> name.startsWith(Settings.ENVIRONMENT_PREFIX) && !known.contains(name))
        .sorted()
        .flatMap(name ->
            nearly(name, known).stream()
                .map(meant -> "%s is ignored; did you mean %s?".formatted(name, meant)))
        .toList();
  }

  private static Optional<String> nearly(String name, List<String> known) {
    return Spelling.nearest(name, known).filter(meant -> Spelling.distance(name, meant) <= 2);
  }
}
