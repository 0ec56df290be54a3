package io.intermodal.server.stats.system;

import java.nio.file.Path;
import java.util.Optional;

/** Reads how large file systems are. */
public final class FileSystemReader {

  /** The file system that the folder is on; empty when the folder is gone. */
  public Optional<FileSystemReading> read(Path folder) {
    return SystemCalls.statvfs(folder.toString());
  }
}
