package io.intermodal.server.logs;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Which file it is, whatever its name: a rename does not change it. */
record FileIdentity(long device, long inode) {

  /** What is at the path, itself and not what it links to; empty when nothing is. */
  static Optional<FileIdentity> of(Path path) throws IOException {
    try {
      Map<String, Object> found =
          Files.readAttributes(path, "unix:dev,ino", LinkOption.NOFOLLOW_LINKS);
      if (found.get("dev") instanceof Number device && found.get("ino") instanceof Number inode) {
        return Optional.of(new FileIdentity(device.longValue(), inode.longValue()));
      }
      throw new IOException("the file system of " + path + " has no inodes");
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    }
  }

  /** Where this file is now, if that is the path or beside it. */
  Optional<Path> findAt(Path path) throws IOException {
    if (of(path).equals(Optional.of(this))) {
      return Optional.of(path);
    }
    Path folder = path.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (DirectoryStream<Path> beside = Files.newDirectoryStream(folder)) {
      for (Path each : beside) {
        if (of(each).equals(Optional.of(this))) {
          return Optional.of(each);
        }
      }
    }
    return Optional.empty();
  }
}
