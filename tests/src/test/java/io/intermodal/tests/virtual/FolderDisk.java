package io.intermodal.tests.virtual;

import io.intermodal.tests.host.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A folder of the host as a disk that the node can read: for what would take long over ssh.
 *
 * @param name which the node knows the disk by; of letters
 * @param image the disk
 * @param target the folder in the node
 */
record FolderDisk(String name, Path image, String target) {
  private static final long ROOM = 32L << 20;

  /** Copies the folder as it is now. */
  static FolderDisk of(Path folder, String name, Path images, String target) {
    Path image = images.resolve(name + ".disk");
    // Inodes and the ends of blocks take their room.
    long kibibytes = (size(folder) * 5 / 4 + ROOM) >> 10;
    Command.output(
        "mke2fs",
        "-q",
        "-t",
        "ext4",
        "-O",
        "^has_journal",
        "-m",
        "0",
        "-d",
        folder.toString(),
        image.toString(),
        kibibytes + "k");
    return new FolderDisk(name, image, target);
  }

  private static long size(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the node runs to see the folder. */
  String mountCommand() {
    return "mkdir -p %1$s && mount -o ro /dev/disk/by-id/virtio-%2$s %1$s".formatted(target, name);
  }
}
