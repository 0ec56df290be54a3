package io.intermodal.containerd.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/** One file of a configuration. What has another type than containerd expects counts as missing. */
record ConfigFile(Path path, TomlParseResult toml) {
  private static final long MAX_BYTES = 1 << 20;

  /** What containerd takes a file for that does not say. */
  private static final long OLDEST_VERSION = 1;

  /**
   * @throws IOException when it cannot be read, is longer than a mebibyte or is no TOML; the
   *     message names it and the line
   */
  static ConfigFile read(Path path) throws IOException {
    TomlParseResult toml;
    try {
      if (Files.size(path) > MAX_BYTES) {
        throw new IOException("longer than " + MAX_BYTES + " bytes");
      }
      toml = Toml.parse(path);
    } catch (IOException e) {
      throw new IOException("%s: %s".formatted(path, e), e);
    }
    if (toml.hasErrors()) {
      TomlParseError first = toml.errors().getFirst();
      throw new IOException(
          "%s is no TOML: %s (line %d)"
              .formatted(path, first.getMessage(), first.position().line()));
    }
    return new ConfigFile(path, toml);
  }

  long version() {
    return toml.get("version") instanceof Long version ? version : OLDEST_VERSION;
  }

  /** The section of one plugin. */
  Optional<TomlTable> plugin(String name) {
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
