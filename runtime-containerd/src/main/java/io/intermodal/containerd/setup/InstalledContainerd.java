package io.intermodal.containerd.setup;

import io.intermodal.runtime.setup.NodeFiles;
import io.intermodal.runtime.setup.SetupException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The containerd of a node, and what its version understands.
 *
 * @param version as it says it: {@code 1.7.24}
 */
record InstalledContainerd(Path program, String version, int major, int minor) {
  private static final Pattern VERSION = Pattern.compile(" v?((\\d+)\\.(\\d+)\\.\\d+)");

  /** Where it is; empty when it is not installed. */
  static Optional<Path> program(NodeFiles files, List<Path> usual) {
    return files
        .program("containerd")
        .or(() -> usual.stream().filter(files::executable).findFirst());
  }

  static InstalledContainerd of(Path program, NodeFiles files) throws SetupException {
    String said;
    try {
      said = files.output(List.of(program.toString(), "--version"));
    } catch (IOException e) {
      throw new SetupException(
          "the version of containerd is not known, since %s --version fails (%s): install it anew"
              .formatted(program, e.getMessage()),
          e);
    }
    Matcher matcher = VERSION.matcher(said);
    if (!matcher.find()) {
      throw new SetupException(
          "%s --version says \"%s\", which names no version: is that containerd?"
              .formatted(program, said.strip()));
    }
    return new InstalledContainerd(
        program,
        matcher.group(1),
        Integer.parseInt(matcher.group(2)),
        Integer.parseInt(matcher.group(3)));
  }

  private boolean isAtLeast(int otherMajor, int otherMinor) {
    return major > otherMajor || (major == otherMajor && minor >= otherMinor);
  }

  /** The newest version of the configuration that it reads ({@code version.ConfigVersion}). */
  long newestLayout() {
    if (isAtLeast(2, 3)) {
      return 4;
    }
    return isAtLeast(2, 0) ? 3 : 2;
  }

  /** The version that a new file gets: one that later releases read too. */
  long layoutOfNewFile() {
    return Math.min(3, newestLayout());
  }

  /** Whether a plugin's section is replaced as a whole by the file that is loaded later. */
  boolean replacesSections() {
    return major < 2;
  }

  /** {@code bin_dirs} beside {@code bin_dir}, which is deprecated since. */
  boolean knowsPluginFolders() {
    return isAtLeast(2, 1);
  }

  /** {@code registry.config_path}. */
  boolean knowsRegistryFolders() {
    return isAtLeast(1, 5);
  }

  /** Whether {@code config_path} has a default. */
  boolean looksIntoRegistryFolders() {
    return isAtLeast(2, 2);
  }
}
