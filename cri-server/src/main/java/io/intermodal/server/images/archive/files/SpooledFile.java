package io.intermodal.server.images.archive.files;

import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A stream kept in a file, to be read in any order. The file has no name, so that it is gone when
 * it is closed or the process ends, in whatever way. It never takes the last of the disk.
 */
public final class SpooledFile {
  /** What is left to others, and how often it is looked whether that is still there. */
  private static final long LEFT_FREE = 128L << 20;

  private static final int BUFFER = 256 * 1024;
  private static final long LOOK_EVERY = 16L << 20;

  private SpooledFile() {}

  /** Makes an empty one. */
  public static FileChannel create(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path file = Files.createTempFile(folder, "archive", ".tar");
    try {
      return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } finally {
      Files.delete(file);
    }
  }

  /**
   * Keeps a stream.
   *
   * @param label what it is, for people
   * @throws CriException RESOURCE_EXHAUSTED when there is no room for it
   * @throws IOException when it cannot be read or written
   */
  public static FileChannel of(InputStream in, Path folder, String label) throws IOException {
    FileChannel file = create(folder);
    try {
      FileStore disk = Files.getFileStore(folder);
      byte[] buffer = new byte[BUFFER];
      long untilLook = 0;
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        if (untilLook <= 0) {
          requireRoom(disk, folder, label);
          untilLook = LOOK_EVERY;
        }
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
        while (bytes.hasRemaining()) {
          untilLook -= file.write(bytes);
        }
      }
      return file;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static void requireRoom(FileStore disk, Path folder, String label) throws IOException {
    if (disk.getUsableSpace() < LEFT_FREE) {
      throw new CriException(
          Code.RESOURCE_EXHAUSTED,
          "%s does not fit into %s: free some space there, or give another folder with --state-dir"
              .formatted(label, folder));
    }
  }
}
