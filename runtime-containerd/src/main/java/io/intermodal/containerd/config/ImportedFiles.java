package io.intermodal.containerd.config;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;

/** Which files an entry of {@code imports} means. */
final class ImportedFiles {
  private ImportedFiles() {}

  /**
   * As containerd resolves it: relative to the folder of the importing file; with an asterisk a
   * pattern, whose files come in the order of their names, and which may mean none.
   */
  static List<Path> of(Path importing, String entry, ConfigSource source) throws IOException {
    Path path = importing.resolveSibling(entry).normalize();
    return entry.contains("*") ? matching(path, source) : List.of(path);
  }

  private static List<Path> matching(Path pattern, ConfigSource source) throws IOException {
    Path root = pattern.getRoot();
    List<Path> found = List.of(root == null ? Path.of("") : root);
    for (Path part : pattern) {
      PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + part);
      List<Path> next = new ArrayList<>();
      for (Path folder : found) {
        for (String name : source.names(folder)) {
          if (part.toString().contains("*")
              ? matcher.matches(Path.of(name))
              : name.equals(part.toString())) {
            next.add(folder.resolve(name));
          }
        }
      }
      found = next;
    }
    return found;
  }
}
