package io.intermodal.server.images.archive.files;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Names of files in an archive, brought to one spelling. */
final class EntryName {
  private EntryName() {}

  /**
   * The name without {@code .}, {@code ..} and needless slashes.
   *
   * @return empty when it leads out of the archive
   */
  static Optional<String> of(String written) {
    return written.startsWith("/") ? Optional.empty() : clean(new ArrayDeque<>(), written);
  }

  /** Where a symbolic link leads to. */
  static Optional<String> linked(String from, String target) {
    if (target.startsWith("/")) {
      return Optional.empty();
    }
    Deque<String> folder = new ArrayDeque<>();
    int slash = from.lastIndexOf('/');
    return clean(folder, slash < 0 ? target : from.substring(0, slash) + "/" + target);
  }

  private static Optional<String> clean(Deque<String> parts, String written) {
    for (String part : written.split("/", -1)) {
      switch (part) {
        case "", "." -> {}
        case ".." -> {
          if (parts.pollLast() == null) {
            return Optional.empty();
          }
        }
        default -> parts.addLast(part);
      }
    }
    return Optional.of(String.join("/", parts));
  }
}
