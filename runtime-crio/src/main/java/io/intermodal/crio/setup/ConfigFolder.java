package io.intermodal.crio.setup;

import io.intermodal.runtime.setup.NodeFiles;
import io.intermodal.runtime.setup.SetupException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;

/** TOML files that are read one after the other: a main one and those of a folder, by name. */
record ConfigFolder(List<Said> files) {
  /** One file and what it says. */
  record Said(Path path, TomlParseResult toml) {
    /** Where a key is, for people. */
    String place(List<String> key) {
      var position = toml.inputPositionOf(key);
      return position == null ? path.toString() : "line %d of %s".formatted(position.line(), path);
    }
  }

  ConfigFolder {
    files = List.copyOf(files);
  }

  /**
   * CRI-O's own: every file below the folder counts, whatever its name ({@code UpdateFromPath} in
   * pkg/config/config.go).
   */
  static ConfigFolder ofCrio(Path main, Path folder, NodeFiles files) throws SetupException {
    return read(main, folder, name -> true, true, files);
  }

  /** The image library's: files of the folder itself that end with {@code .conf}. */
  static ConfigFolder ofRegistries(Path main, Path folder, NodeFiles files) throws SetupException {
    return read(main, folder, name -> name.endsWith(".conf"), false, files);
  }

  private static ConfigFolder read(
      Path main, Path folder, Predicate<String> counts, boolean deep, NodeFiles files)
      throws SetupException {
    List<Path> paths = new ArrayList<>(List.of(main));
    List<Said> said = new ArrayList<>();
    try {
      collect(folder, deep, files, paths);
      for (Path path : paths) {
        if (path.equals(main) || counts.test(String.valueOf(path.getFileName()))) {
          Optional<String> text = files.read(path);
          if (text.isPresent()) {
            said.add(new Said(path, parsed(path, text.get())));
          }
        }
      }
    } catch (IOException e) {
      throw new SetupException(
          "%s: mend it, or move it away; CRI-O does not start with it either"
              .formatted(e.getMessage()),
          e);
    }
    return new ConfigFolder(said);
  }

  private static void collect(Path folder, boolean deep, NodeFiles files, List<Path> paths)
      throws IOException {
    for (String name : files.names(folder)) {
      Path path = folder.resolve(name);
      if (files.names(path).isEmpty()) {
        paths.add(path);
      } else if (deep) {
        collect(path, true, files, paths);
      }
    }
  }

  private static TomlParseResult parsed(Path path, String text) throws SetupException {
    TomlParseResult toml = Toml.parse(text);
    if (toml.hasErrors()) {
      TomlParseError first = toml.errors().getFirst();
      throw new SetupException(
          "%s is no TOML: %s (line %d): mend that line, or move the file away"
              .formatted(path, first.getMessage(), first.position().line()));
    }
    return toml;
  }

  /** What counts for a key: the word of the last file that has one. */
  Optional<Object> get(List<String> key) {
    return last(key).flatMap(file -> Optional.ofNullable(file.toml().get(key)));
  }

  String text(String... key) {
    return get(List.of(key)).map(Object::toString).orElse("");
  }

  /** The file whose word counts. */
  Optional<Said> last(List<String> key) {
    return files.stream()
        .filter(file -> file.toml().get(key) != null)
        .reduce((first, second) -> second);
  }

  /** Those that are read after a file that is or will be in the folder itself. */
  List<Said> after(Path file) {
    Path folder = file.resolveSibling("");
    return files.stream()
        .filter(said -> said.path().startsWith(folder))
        .filter(
            said -> said.path().getName(folder.getNameCount()).compareTo(file.getFileName()) > 0)
        .toList();
  }
}
