package io.intermodal.tests.suite.cluster;

import io.intermodal.tests.host.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The files of a ConfigMap or Secret as a kubelet keeps them (Kubernetes'
 * pkg/volume/util/atomic_writer.go): in memory, each version in a hidden folder of its own, {@code
 * ..data} a link to the newest, and a link for each file through that one. A rename changes all of
 * them at once.
 */
final class AtomicFolder implements AutoCloseable {
  private static final String DATA = "..data";

  private final Path folder;
  private final String mode;
  private final List<Path> mounts = new ArrayList<>();
  private int version;

  private AtomicFolder(Path folder, String mode) {
    this.folder = folder;
    this.mode = mode;
  }

  /**
   * @param folder is made
   * @param mode of the files, as chmod has it
   * @param group that the files belong to: a pod's fsGroup
   */
  static AtomicFolder mount(Path folder, String mode, long group) throws IOException {
    Files.createDirectories(folder);
    AtomicFolder made = new AtomicFolder(folder, mode);
    made.mounts.add(folder);
    Command.output("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder.toString());
    Command.output("chown", ":" + group, folder.toString());
    // New files have the folder's group.
    Command.output("chmod", "2777", folder.toString());
    return made;
  }

  Path path() {
    return folder;
  }

  /** Makes these the files, in the order of the kubelet's steps. */
  void write(Map<String, String> files) throws IOException {
    Path old = version == 0 ? folder : Files.readSymbolicLink(folder.resolve(DATA));
    String name = "..2026_11_28_12_00_00.%09d".formatted(++version);
    Path fresh = Files.createDirectory(folder.resolve(name));
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path written = Files.writeString(fresh.resolve(file.getKey()), file.getValue());
      Command.output("chmod", mode, written.toString());
    }
    Path link = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of(name));
    Files.move(link, folder.resolve(DATA), StandardCopyOption.ATOMIC_MOVE);
    for (String file : files.keySet()) {
      if (!Files.isSymbolicLink(folder.resolve(file))) {
        Files.createSymbolicLink(folder.resolve(file), Path.of(DATA, file));
      }
    }
    for (Path shown : shown()) {
      if (!files.containsKey(shown.getFileName().toString())) {
        Files.delete(shown);
      }
    }
    if (version > 1) {
      Command.output("rm", "-r", folder.resolve(old).toString());
    }
  }

  private List<Path> shown() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> !file.getFileName().toString().startsWith("..")).toList();
    }
  }

  /** One file as a volume mount with a subPath has it: bound to a place of its own. */
  Path subPath(String file) throws IOException {
    Path place = folder.resolveSibling(folder.getFileName() + "-subpath-" + file);
    Files.createFile(place);
    Command.output(
        "mount", "--bind", folder.resolve(file).toRealPath().toString(), place.toString());
    mounts.add(place);
    return place;
  }

  @Override
  public void close() {
    for (Path mount : mounts.reversed()) {
      var _ = Command.run(List.of("umount", "--lazy", mount.toString()));
    }
  }
}
