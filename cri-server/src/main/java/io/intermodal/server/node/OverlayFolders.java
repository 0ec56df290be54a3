package io.intermodal.server.node;

import io.intermodal.runtime.node.MergedFolders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Merged folders as mounts of the kernel's overlay file system without an upper layer, each on a
 * folder of its name.
 */
public final class OverlayFolders implements MergedFolders {
  private static final FileAttribute<Set<PosixFilePermission>> OURS_ALONE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  // The kernel takes one page of options.
  private static final int LONGEST_OPTIONS = 4095;

  private final Path folder;
  private final Path empty;

  /**
   * @param folder where they are to be, absolute; made when first needed
   */
  public OverlayFolders(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
    this.empty = this.folder.resolve(".empty");
  }

  @Override
  public synchronized Path show(String name, Path base, List<String> layers) throws IOException {
    Path target = target(name);
    if (mounted().contains(target)) {
      return target;
    }
    Files.createDirectories(target, OURS_ALONE);
    String options = options(layers);
    if (options.getBytes(StandardCharsets.UTF_8).length > LONGEST_OPTIONS) {
      throw new IOException(
          "%d layers of %s are too many for one overlay mount".formatted(layers.size(), base));
    }
    OverlayMounts.mount(base, options, target);
    return target;
  }

  private String options(List<String> layers) throws IOException {
    String lower = layers.stream().map(OverlayFolders::escaped).collect(Collectors.joining(":"));
    if (layers.size() == 1) {
      // Without an upper layer the kernel wants two lower ones.
      Files.createDirectories(empty, OURS_ALONE);
      lower += ":" + escaped(empty.toString());
    }
    return "lowerdir=" + lower;
  }

  private static String escaped(String path) {
    return path.replaceAll("[\\\\:,]", "\\\\$0");
  }

  @Override
  public synchronized void hide(String name) throws IOException {
    Path target = target(name);
    if (mounted().contains(target)) {
      OverlayMounts.unmount(target);
    }
    Files.deleteIfExists(target);
  }

  @Override
  public Set<String> names() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .collect(Collectors.toUnmodifiableSet());
    } catch (NoSuchFileException absent) {
      return Set.of();
    }
  }

  @Override
  public boolean areSeenBy(long pid) throws IOException {
    return Files.readSymbolicLink(Path.of("/proc/self/ns/mnt"))
        .equals(Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/mnt")));
  }

  private Path target(String name) {
    if (name.isEmpty() || name.startsWith(".") || name.indexOf('/') >= 0) {
      throw new IllegalArgumentException("\"" + name + "\" cannot name a folder in " + folder);
    }
    return folder.resolve(name);
  }

  /** The kernel's list, in which the paths are without symbolic links. */
  private Set<Path> mounted() throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return Set.of();
    }
    Path real = folder.toRealPath();
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
      return lines
          .map(line -> unescaped(line.split(" ", 6)[4]))
          .filter(point -> point.startsWith(real + "/"))
          .map(point -> folder.resolve(real.relativize(Path.of(point))))
          .collect(Collectors.toUnmodifiableSet());
    }
  }

  /** See proc(5): space, tab, line feed and backslash are in octal. */
  private static String unescaped(String point) {
    return point
        .replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\");
  }
}
