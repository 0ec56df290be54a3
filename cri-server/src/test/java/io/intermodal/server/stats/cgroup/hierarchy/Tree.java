package io.intermodal.server.stats.cgroup.hierarchy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files as the kernel shows them, below a folder of a test. */
record Tree(Path root) {
  void write(String file, String content) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
  }
}
