package io.intermodal.crio;

import io.intermodal.cri.v1.CgroupDriver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;

/** CRI-O's setting {@code cgroup_manager} in {@code [crio.runtime]}, as CRI calls it. */
final class CgroupSetting {
  private static final List<String> KEY = List.of("crio", "runtime", "cgroup_manager");

  /** CRI-O's own, since 1.18. */
  private static final CgroupDriver DEFAULT = CgroupDriver.SYSTEMD;

  private static final long MAX_BYTES = 1 << 20;

  private CgroupSetting() {}

  /**
   * The driver of a running CRI-O.
   *
   * @param toml its whole configuration
   * @throws IOException when that is no TOML or does not say
   */
  static CgroupDriver inForce(String toml) throws IOException {
    return said("its answer", Toml.parse(toml))
        .orElseThrow(() -> new IOException("its answer names no cgroup_manager"));
  }

  /**
   * The driver that CRI-O will have when it starts: it reads the main file and then those of the
   * folder, by name and whatever their names are, and what comes last wins.
   *
   * @param main need not exist
   * @param dropIns need not exist
   * @throws IOException when a file cannot be read or is no TOML, with which CRI-O does not start
   *     either; the message names the file
   */
  static CgroupDriver configured(Path main, Path dropIns) throws IOException {
    CgroupDriver last = DEFAULT;
    for (Path file : files(main, dropIns)) {
      last = said(file.toString(), parse(file)).orElse(last);
    }
    return last;
  }

  private static List<Path> files(Path main, Path dropIns) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path start : List.of(main, dropIns)) {
      if (Files.exists(start)) {
        try (Stream<Path> found = Files.walk(start)) {
          found.filter(path -> !Files.isDirectory(path)).sorted().forEach(files::add);
        } catch (UncheckedIOException e) {
          throw new IOException("%s: %s".formatted(start, e.getCause()), e);
        }
      }
    }
    return files;
  }

  private static TomlParseResult parse(Path file) throws IOException {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new IOException("longer than " + MAX_BYTES + " bytes");
      }
      return Toml.parse(file);
    } catch (IOException e) {
      throw new IOException("%s: %s".formatted(file, e), e);
    }
  }

  /** What one configuration says; empty when it leaves it to others. */
  private static Optional<CgroupDriver> said(String where, TomlParseResult toml)
      throws IOException {
    if (toml.hasErrors()) {
      TomlParseError first = toml.errors().getFirst();
      throw new IOException(
          "%s is no TOML: %s (line %d)"
              .formatted(where, first.getMessage(), first.position().line()));
    }
    Object value = toml.get(KEY);
    if (value == null) {
      return Optional.empty();
    }
    return switch (value.toString()) {
      case "systemd" -> Optional.of(CgroupDriver.SYSTEMD);
      case "cgroupfs" -> Optional.of(CgroupDriver.CGROUPFS);
      default ->
          throw new IOException(
              "%s says cgroup_manager = \"%s\" (expected: systemd or cgroupfs)"
                  .formatted(where, value));
    };
  }
}
