package io.intermodal.containerd.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A line that keeps containerd from serving CRI.
 *
 * @param line counted from 1
 * @param plugins all that it switches off
 */
public record SwitchedOff(Path file, int line, List<String> plugins) {
  static final String KEY = "disabled_plugins";

  /** Version 1 of the configuration, version 2, and the two parts that CRI needs from version 3. */
  private static final Set<String> CRI =
      Set.of(
          "cri",
          "io.containerd.grpc.v1.cri",
          "io.containerd.cri.v1.runtime",
          "io.containerd.cri.v1.images");

  public SwitchedOff {
    plugins = List.copyOf(plugins);
  }

  /** Whether there is no CRI without this plugin. */
  public static boolean isCri(String plugin) {
    return CRI.contains(plugin);
  }

  /** Those without which there is no CRI. */
  public List<String> criPlugins() {
    return plugins.stream().filter(SwitchedOff::isCri).toList();
  }

  /** Where it is and what it says: {@code line 3 of FILE says disabled_plugins = ["cri"]}. */
  public String quoted() {
    return plugins.stream()
        .map("\"%s\""::formatted)
        .collect(
            Collectors.joining(", ", "line %d of %s says %s = [".formatted(line, file, KEY), "]"));
  }
}
