package io.intermodal.server.stats.system;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.intermodal.server.libc.CLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The system calls that Java has no cheap equivalent for. Java tells a file system's bytes and not
 * its inodes; and it reads a link by its whole path and into a new text, which for the thousands of
 * links in {@code /proc/PID/fd} takes ten times as long.
 */
final class SystemCalls {
  /** From the kernel's {@code fcntl.h}. */
  private static final int O_RDONLY_CLOEXEC = 02000000;

  /** Longer than {@code struct statvfs} of every 64-bit C library. */
  private static final int STATVFS_SIZE = 256;

  /** The kernel's longest file name, and the end of the text. */
  private static final int NAME_SIZE = 256;

  private static final MethodHandle STATVFS =
      CLibrary.function("statvfs", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
  private static final MethodHandle OPEN =
      CLibrary.function(
          "open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), CLibrary.variadic(2));
  private static final MethodHandle READLINKAT =
      CLibrary.function(
          "readlinkat", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG));
  private static final MethodHandle CLOSE =
      CLibrary.function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private SystemCalls() {}

  /**
   * The file system that a path is on; empty when the path cannot be reached.
   *
   * @return its fields as {@code statvfs(3)} tells them, in a struct whose first eight are words of
   *     64 bits in glibc and musl alike
   */
  static Optional<FileSystemReading> statvfs(String path) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment told = arena.allocate(STATVFS_SIZE, Long.BYTES);
      if ((int) STATVFS.invokeExact(arena.allocateFrom(path), told) != 0) {
        return Optional.empty();
      }
      long fragment = told.getAtIndex(JAVA_LONG, 1);
      long blocks = told.getAtIndex(JAVA_LONG, 2);
      long files = told.getAtIndex(JAVA_LONG, 5);
      long filesFree = told.getAtIndex(JAVA_LONG, 6);
      return Optional.of(new FileSystemReading(blocks * fragment, files, filesFree));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw cannotThrow(e);
    }
  }

  /**
   * How many of the links in a folder lead to something whose name begins so.
   *
   * @param names of the links; what is gone meanwhile is not counted
   */
  static int linksTo(String prefix, String folder, String[] names) {
    try (Arena arena = Arena.ofConfined()) {
      int opened = (int) OPEN.invokeExact(arena.allocateFrom(folder), O_RDONLY_CLOEXEC);
      if (opened < 0) {
        return 0;
      }
      try {
        MemorySegment wanted = arena.allocateFrom(prefix).asSlice(0, prefix.length());
        MemorySegment target = arena.allocate(prefix.length());
        MemorySegment name = arena.allocate(NAME_SIZE);
        int found = 0;
        for (String each : names) {
          name.setString(0, each);
          long length = (long) READLINKAT.invokeExact(opened, name, target, target.byteSize());
          if (length == target.byteSize() && target.mismatch(wanted) < 0) {
            found++;
          }
        }
        return found;
      } finally {
        var _ = (int) CLOSE.invokeExact(opened);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw cannotThrow(e);
    }
  }

  private static IllegalStateException cannotThrow(Throwable e) {
    return new IllegalStateException("a system call cannot throw", e);
  }
}
