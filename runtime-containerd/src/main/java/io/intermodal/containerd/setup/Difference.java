package io.intermodal.containerd.setup;

import io.intermodal.containerd.toml.TomlFile;
import io.intermodal.runtime.setup.Finding;
import java.util.List;
import java.util.Optional;

/**
 * A setting that must be another.
 *
 * @param key where it is set
 * @param value what it must be
 * @param reason why
 * @param severity how bad it is while it is not; empty when pods run as well
 */
record Difference(
    List<String> key, Object value, String reason, Optional<Finding.Severity> severity) {
  Difference {
    key = List.copyOf(key);
  }

  /** What to write where, for people. */
  String line() {
    return "%s = %s below [%s]"
        .formatted(
            key.getLast(), TomlFile.written(value), TomlFile.name(key.subList(0, key.size() - 1)));
  }
}
