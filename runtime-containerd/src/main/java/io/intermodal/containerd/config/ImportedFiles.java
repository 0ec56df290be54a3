package io.intermodal.containerd.config;

import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which files an entry of {@code imports} means. */
final class ImportedFiles {
  private ImportedFiles() {}

  /**
   * As containerd resolves it: relative to the folder of the importing file; with an asterisk a
   * pattern, whose files come in the order of their names, and which may mean none.
   */
  static List<Path> of(Path importing, String entry) {
    Path path = importing.resolveSibling(entry).normalize();
    return entry.contains("*") ? matching(path) : List.of(path);
  }

  private static List<Path> matching(Path pattern) {
    Path root = pattern.getRoot();
    List<Path> found = List.of(root == null ? Path.of("") : root);
    for (Path part : pattern) {
      PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + part);
      found =
          part.toString().contains("*")
              ? found.stream().flatMap(folder -> childrenOf(folder, matcher)).toList()
              : found.stream().map(folder -> folder.resolve(part)).filter(Files::exists).toList();
    }
    return found;
  }

  private static Stream<Path> childrenOf(Path folder, PathMatcher matcher) {
    @Nullable String @Nullable [] names = folder.toFile().list();
    return names == null
        ? Stream.empty()
        : Arrays.stream(names)
            .sorted()
            .filter(name -> matcher.matches(Path.of(name)))
            .map(folder::resolve);
  }
}
