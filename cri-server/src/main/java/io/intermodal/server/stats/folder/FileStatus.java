package io.intermodal.server.stats.folder;

import io.intermodal.server.libc.CLibrary;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Asks the kernel about a file: Java's own API does not tell how many blocks a file has, and so
 * would take a sparse file for a large one. {@code statx} has the same layout on every
 * architecture.
 */
final class FileStatus implements AutoCloseable {
  private static final int AT_FDCWD = -100;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_NO_AUTOMOUNT = 0x800;
  private static final int STATX_BASIC_STATS = 0x7ff;

  private static final int STRUCT_SIZE = 256;
  private static final int LONGEST_PATH = 4096;

  private static final int NLINK = 16;
  private static final int MODE = 28;
  private static final int INODE = 32;
  private static final int BLOCKS = 48;
  private static final int DEVICE = 136;

  private static final int TYPE_MASK = 0xf000;
  private static final int FOLDER = 0x4000;
  private static final int BLOCK_SIZE = 512;

  private final MethodHandle statx;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment path = arena.allocate(LONGEST_PATH);
  private final MemorySegment struct = arena.allocate(STRUCT_SIZE, 8);

  private FileStatus(MethodHandle statx) {
    this.statx = statx;
  }

  /** Empty when the C library has no {@code statx}. */
  static Optional<FileStatus> open() {
    return CLibrary.optional(
            "statx",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS))
        .map(FileStatus::new);
  }

  /**
   * What the kernel tells of a file.
   *
   * @param device of its file system, major and minor in one number
   * @param inode its number there
   * @param links how many names it has
   * @param folder whether it is a folder
   * @param bytes of the disk
   */
  record Status(long device, long inode, int links, boolean folder, long bytes) {}

  /** Empty when there is no such file any more. */
  Optional<Status> of(Path file) throws IOException {
    byte[] name = bytes(file);
    if (name.length >= LONGEST_PATH) {
      return Optional.empty();
    }
    MemorySegment.copy(name, 0, path, ValueLayout.JAVA_BYTE, 0, name.length);
    path.set(ValueLayout.JAVA_BYTE, name.length, (byte) 0);
    int result = call();
    if (result != 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Status(
            struct.get(ValueLayout.JAVA_LONG_UNALIGNED, DEVICE),
            struct.get(ValueLayout.JAVA_LONG, INODE),
            struct.get(ValueLayout.JAVA_INT, NLINK),
            (struct.get(ValueLayout.JAVA_SHORT, MODE) & TYPE_MASK) == FOLDER,
            struct.get(ValueLayout.JAVA_LONG, BLOCKS) * BLOCK_SIZE));
  }

  private int call() throws IOException {
    try {
      return (int)
          statx.invokeExact(
              AT_FDCWD, path, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, STATX_BASIC_STATS, struct);
    } catch (Throwable e) {
      // Only the call itself can fail here, not the kernel.
      throw new IOException("statx could not be called", e);
    }
  }

  /** The name as the file system has it: as text it may be damaged, as part of a URI it is not. */
  private static byte[] bytes(Path file) {
    String text = file.toString();
    if (text.chars().allMatch(c -> c < 0x80)) {
      return text.getBytes(StandardCharsets.US_ASCII);
    }
    String raw = file.toUri().getRawPath();
    byte[] bytes = new byte[raw.length()];
    int length = 0;
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        bytes[length++] = (byte) Integer.parseInt(raw, i + 1, i + 3, 16);
        i += 2;
      } else {
        bytes[length++] = (byte) c;
      }
    }
    // A URI of a folder ends with a slash, which would follow a link.
    return Arrays.copyOf(bytes, raw.endsWith("/") ? length - 1 : length);
  }

  @Override
  public void close() {
    arena.close();
  }
}
