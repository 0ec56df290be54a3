package io.intermodal.containerd.config;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/**
 * One file of a configuration. What has another type than containerd expects counts as missing.
 *
 * @param text all of it
 * @param toml what the text says
 */
public record ConfigFile(Path path, String text, TomlParseResult toml) {
  /** What containerd takes a file for that does not say. */
  private static final long OLDEST_VERSION = 1;

  /**
   * @throws IOException when it cannot be read, is longer than a mebibyte or is no TOML; the
   *     message names it and the line
   */
  static ConfigFile read(Path path, ConfigSource source) throws IOException {
    String text;
    try {
      text = source.read(path).orElseThrow(() -> new NoSuchFileException("no such file"));
    } catch (IOException e) {
      throw new IOException("%s: %s".formatted(path, e), e);
    }
    TomlParseResult toml = Toml.parse(text);
    if (toml.hasErrors()) {
      TomlParseError first = toml.errors().getFirst();
      throw new IOException(
          "%s is no TOML: %s (line %d)"
              .formatted(path, first.getMessage(), first.position().line()));
    }
    return new ConfigFile(path, text, toml);
  }

  /** The version of the layout, 1 where it does not say. */
  public long version() {
    return toml.get("version") instanceof Long version ? version : OLDEST_VERSION;
  }

  /** Whether it says which version it is of. */
  public boolean saysVersion() {
    return toml.get("version") instanceof Long;
  }

  /** The section of one plugin. */
  public Optional<TomlTable> plugin(String name) {
    return toml.get(List.of("plugins", name)) instanceof TomlTable section
        ? Optional.of(section)
        : Optional.empty();
  }

  /** The strings of a list at the top. */
  List<String> strings(String key) {
    return toml.get(key) instanceof TomlArray array
        ? array.toList().stream().filter(String.class::isInstance).map(String.class::cast).toList()
        : List.of();
  }
}
