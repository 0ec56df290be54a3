package io.intermodal.containerd.config;

import io.intermodal.cri.v1.CgroupDriver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.tomlj.TomlPosition;

/** The configuration of one containerd: its main file and all that are imported. */
public final class ContainerdConfig {
  private final List<ConfigFile> files;

  private ContainerdConfig(List<ConfigFile> files) {
    this.files = List.copyOf(files);
  }

  /**
   * Reads the files as containerd does: the imports of a file after it and after those that were
   * found before, each file once.
   *
   * @param main need not exist: containerd runs without
   * @throws IOException when a file cannot be read or is no TOML, with which containerd does not
   *     start either; the message names the file
   */
  public static ContainerdConfig read(Path main) throws IOException {
    return read(main, ConfigSource.ofNode());
  }

  /** The same from elsewhere. */
  public static ContainerdConfig read(Path main, ConfigSource source) throws IOException {
    List<ConfigFile> files = new ArrayList<>();
    Set<Path> seen = new LinkedHashSet<>();
    Deque<Path> pending = new ArrayDeque<>();
    if (exists(main, source)) {
      pending.add(main.normalize());
    }
    while (!pending.isEmpty()) {
      Path next = pending.remove();
      if (seen.add(next)) {
        ConfigFile file = ConfigFile.read(next, source);
        files.add(file);
        for (String entry : file.strings("imports")) {
          pending.addAll(ImportedFiles.of(next, entry, source));
        }
      }
    }
    return new ContainerdConfig(files);
  }

  private static boolean exists(Path main, ConfigSource source) throws IOException {
    Path folder = main.toAbsolutePath().getParent();
    return folder != null && source.names(folder).contains(String.valueOf(main.getFileName()));
  }

  /** In the order in which containerd loads them, the main one first; none when there is none. */
  public List<ConfigFile> files() {
    return files;
  }

  /** The lines that switch CRI off. The lists of all files count together. */
  public List<SwitchedOff> switchedOff() {
    return files.stream()
        .map(ContainerdConfig::disabledIn)
        .filter(line -> !line.criPlugins().isEmpty())
        .toList();
  }

  private static SwitchedOff disabledIn(ConfigFile file) {
    TomlPosition position = file.toml().inputPositionOf(SwitchedOff.KEY);
    return new SwitchedOff(
        file.path(), position == null ? 0 : position.line(), file.strings(SwitchedOff.KEY));
  }

  /** The driver that pods get. containerd's default is cgroupfs, whatever the host runs on. */
  public CgroupDriver cgroupDriver() {
    return CriSection.of(files).cgroupDriver();
  }
}
