package io.intermodal.runtime.setup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The node's files, read only. Paths are the node's own, whatever they are seen through. */
public interface NodeFiles {
  /**
   * A file's text, in UTF-8.
   *
   * @return empty when there is none
   * @throws IOException when there is one that cannot be read, or is longer than a mebibyte; the
   *     message names it
   */
  Optional<String> read(Path file) throws IOException;

  /** The names in a folder, in order; none where there is no folder. */
  List<String> names(Path folder) throws IOException;

  /** Where a program is that is called by its name alone; empty when it is not installed. */
  Optional<Path> program(String name);

  /** Whether something that can be executed is there. */
  boolean executable(Path file);

  /**
   * What a program prints to its standard output, run with a deadline of a second, for engines that
   * tell their defaults and versions: {@code containerd config default}.
   *
   * @throws IOException when it cannot be started, fails or takes longer; with what it said
   */
  String output(List<String> command) throws IOException;
}
