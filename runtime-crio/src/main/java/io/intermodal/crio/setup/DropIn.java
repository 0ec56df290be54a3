package io.intermodal.crio.setup;

import io.intermodal.cri.v1.CgroupDriver;
import io.intermodal.runtime.setup.NodeWishes;
import io.intermodal.runtime.setup.SetupException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.tomlj.Toml;
import org.tomlj.TomlArray;

/**
 * Our drop-in: all that is wished, whether another file says the same or not.
 *
 * @param settings values by table and key, as they stand in the file
 */
record DropIn(Map<String, Map<String, String>> settings) {
  static final String NAME = "50-intermodal.conf";

  private static final String FIRST_LINE = "# Written by Intermodal: how pods are run.\n";

  static DropIn of(NodeWishes wishes) {
    boolean cgroupfs = wishes.cgroupDriver() == CgroupDriver.CGROUPFS;
    Map<String, String> runtime = new LinkedHashMap<>();
    runtime.put("cgroup_manager", quoted(cgroupfs ? "cgroupfs" : "systemd"));
    // The only place that both drivers allow for the monitor; cgroupfs allows no other.
    runtime.put("conmon_cgroup", quoted("pod"));
    Map<String, Map<String, String>> settings = new LinkedHashMap<>();
    settings.put("runtime", runtime);
    wishes
        .sandboxImage()
        .ifPresent(image -> settings.put("image", Map.of("pause_image", quoted(image))));
    Map<String, String> network = new LinkedHashMap<>();
    network.put("network_dir", quoted(wishes.networkFolder().toString()));
    if (!wishes.pluginFolders().isEmpty()) {
      network.put(
          "plugin_dirs",
          wishes.pluginFolders().stream()
              .map(folder -> quoted(folder.toString()))
              .collect(Collectors.joining(", ", "[", "]")));
    }
    settings.put("network", network);
    return new DropIn(settings);
  }

  private static String quoted(String string) {
    return '"' + Toml.tomlEscape(string).toString() + '"';
  }

  String content() {
    StringBuilder text = new StringBuilder(FIRST_LINE);
    settings.forEach((table, values) -> {
      text.append("\n[crio.%s]\n".formatted(table));
      values.forEach((key, value) -> text.append("%s = %s\n".formatted(key, value)));
    });
    return text.toString();
  }

  /** Refuses files that are read later and say otherwise. */
  void refuseContradiction(List<ConfigFolder.Said> later) throws SetupException {
    List<String> contradictions = new ArrayList<>();
    for (ConfigFolder.Said file : later) {
      settings.forEach((table, values) ->
          values.forEach((name, value) -> {
            List<String> key = List.of("crio", table, name);
            Object other = file.toml().get(key);
            if (other != null && !written(other).equals(value)) {
              contradictions.add(
                  "%s says %s = %s".formatted(file.place(key), name, written(other)));
            }
          }));
    }
    if (!contradictions.isEmpty()) {
      throw new SetupException(
          "%s, which counts more than %s: take it out there"
              .formatted(String.join(", and ", contradictions), NAME));
    }
  }

  private static String written(Object value) {
    return switch (value) {
      case String string -> quoted(string);
      case TomlArray array ->
          array.toList().stream().map(DropIn::written).collect(Collectors.joining(", ", "[", "]"));
      default -> value.toString();
    };
  }

  /** Why it differs from what is in force, one reason for each setting that does. */
  String reason(ConfigFolder present, Path ourselves) {
    List<String> reasons = new ArrayList<>();
    settings.forEach((table, values) ->
        values.forEach((name, value) -> {
          if (present
              .get(List.of("crio", table, name))
              .map(DropIn::written)
              .filter(value::equals)
              .isEmpty()) {
            reasons.add(why(name));
          }
        }));
    return reasons.isEmpty()
        ? "how CRI-O runs pods, said in " + ourselves.getFileName()
        : reasons.stream().distinct().collect(Collectors.joining("; "));
  }

  private static String why(String key) {
    return switch (key) {
      case "cgroup_manager", "conmon_cgroup" ->
          "Kubernetes and CRI-O must use the same cgroup driver";
      case "pause_image" -> "sandboxes are made from this image";
      case "network_dir" -> "CNI's networks are described there";
      default -> "CNI's plugins are there";
    };
  }
}
