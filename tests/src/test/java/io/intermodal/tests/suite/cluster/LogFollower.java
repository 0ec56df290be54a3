package io.intermodal.tests.suite.cluster;

import io.intermodal.tests.host.LogFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads a container's log as a kubelet does for {@code kubectl logs -f}: it keeps the file open,
 * and goes on with another one of that name when it has read all of the old one.
 */
final class LogFollower implements AutoCloseable {
  private final LogFile log;
  private final ByteArrayOutputStream read = new ByteArrayOutputStream();
  private FileChannel file;
  private Object key;

  private LogFollower(LogFile log) throws IOException {
    this.log = log;
    this.file = FileChannel.open(log.path());
    this.key = keyOf(log.path());
  }

  static LogFollower of(LogFile log) throws IOException {
    return new LogFollower(log);
  }

  /** What the container has written to stdout, as far as its lines are in the log. */
  String output() throws IOException {
    // Nobody writes to the old file when the new one is there: so first is looked, then read.
    boolean replaced = Files.exists(log.path()) && !keyOf(log.path()).equals(key);
    readToEnd();
    if (replaced) {
      file.close();
      file = FileChannel.open(log.path());
      key = keyOf(log.path());
      readToEnd();
    }
    String content = read.toString(StandardCharsets.UTF_8);
    String lines = content.substring(0, content.lastIndexOf('\n') + 1);
    return LogFile.output("stdout", log.lines(lines));
  }

  private void readToEnd() throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(65_536);
    while (file.read(buffer) >= 0) {
      read.write(buffer.array(), 0, buffer.position());
      buffer.clear();
    }
  }

  /** What tells a file from another one of the same name. */
  private static Object keyOf(Path path) throws IOException {
    return Files.getAttribute(path, "unix:ino");
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
