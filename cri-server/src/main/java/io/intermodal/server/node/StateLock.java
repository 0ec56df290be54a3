package io.intermodal.server.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Holds a state directory for one server: two would undo each other's pod networks. The kernel lets
 * go of it when the process ends, however it ends.
 */
public final class StateLock implements AutoCloseable {
  private static final String FILE = "lock";

  private final FileChannel channel;

  private StateLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the directory, which is made if need be.
   *
   * @throws IOException with one sentence when another server has it, or it cannot be written to
   */
  public static StateLock take(Path stateDirectory) throws IOException {
    Files.createDirectories(stateDirectory);
    FileChannel channel =
        FileChannel.open(
            stateDirectory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (tryLock(channel) == null) {
      channel.close();
      throw new IOException(
          "another server keeps its state in %s: stop it, or set another --state-dir"
              .formatted(stateDirectory));
    }
    return new StateLock(channel);
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by this very process, which is no better.
      return null;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("letting go of the state directory", e);
    }
  }
}
