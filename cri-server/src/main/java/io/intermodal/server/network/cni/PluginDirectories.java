package io.intermodal.server.network.cni;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where plugins' programs are looked for.
 *
 * @param folders the first that has a program wins
 */
public record PluginDirectories(List<Path> folders) {

  public PluginDirectories {
    folders = List.copyOf(folders);
  }

  /** Folders separated by colons, as in {@code --cni-bin-dir} and {@code CNI_PATH}. */
  public static PluginDirectories parse(String colonSeparated) {
    return new PluginDirectories(
        Arrays.stream(colonSeparated.split(":", -1))
            .map(String::strip)
            .filter(folder -> !folder.isEmpty())
            .map(Path::of)
            .toList());
  }

  /** The program of a plugin; empty when no folder has an executable file of that name. */
  public Optional<Path> find(String type) {
    return folders.stream()
        .map(folder -> folder.resolve(type))
        .filter(program -> Files.isRegularFile(program) && Files.isExecutable(program))
        .findFirst();
  }

  /** The programs that a network needs and that are in no folder, sorted. */
  public List<String> missing(NetworkConfig network) {
    return network.programs().stream().filter(program -> find(program).isEmpty()).sorted().toList();
  }

  /** The form of {@code CNI_PATH}. */
  @Override
  public String toString() {
    return folders.stream().map(Path::toString).collect(Collectors.joining(":"));
  }
}
