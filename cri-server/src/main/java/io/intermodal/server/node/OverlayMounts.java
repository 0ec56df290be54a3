package io.intermodal.server.node;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.intermodal.server.libc.CLibrary;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * {@code mount(2)} and {@code umount2(2)}, called directly: a {@code mount} program would be a fork
 * of this process for each, and may resolve the short relative paths that it was given.
 */
final class OverlayMounts {
  /** From the kernel's {@code mount.h}, {@code fs.h} and {@code sched.h}. */
  private static final long MS_RDONLY = 1;

  private static final long MS_NOSUID = 2;
  private static final long MS_NODEV = 4;
  private static final int MNT_DETACH = 2;
  private static final int UMOUNT_NOFOLLOW = 8;
  private static final int CLONE_FS = 0x200;

  private static final MethodHandle UNSHARE =
      CLibrary.failing("unshare", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle CHDIR =
      CLibrary.failing("chdir", FunctionDescriptor.of(JAVA_INT, ADDRESS));
  private static final MethodHandle MOUNT =
      CLibrary.failing(
          "mount", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
  private static final MethodHandle UMOUNT2 =
      CLibrary.failing("umount2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));

  private OverlayMounts() {}

  /**
   * Mounts an overlay that can only be read, and in which devices and set-user-id files do nothing.
   *
   * <p>Relative paths begin at the working directory, which is the whole process's: so it is
   * changed on a thread that has one of its own and ends afterwards.
   *
   * @param base where relative paths in the options begin
   * @throws IOException when the kernel refuses
   */
  static void mount(Path base, String options, Path target) throws IOException {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("overlay")
        .start(() -> {
          try {
            mountFromHere(base, options, target);
            done.complete(null);
          } catch (Throwable failure) {
            done.completeExceptionally(failure);
          }
        });
    try {
      done.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while mounting on " + target);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException known) {
        throw known;
      }
      throw new CompletionException(e.getCause());
    }
  }

  private static void mountFromHere(Path base, String options, Path target) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errors = arena.allocate(CLibrary.ERRORS);
      MemorySegment overlay = arena.allocateFrom("overlay");
      if ((int) UNSHARE.invokeExact(errors, CLONE_FS) != 0) {
        throw failed("unshare", target, errors);
      }
      if ((int) CHDIR.invokeExact(errors, arena.allocateFrom(base.toString())) != 0) {
        throw failed("chdir to " + base, target, errors);
      }
      int result =
          (int)
              MOUNT.invokeExact(
                  errors,
                  overlay,
                  arena.allocateFrom(target.toString()),
                  overlay,
                  MS_RDONLY | MS_NOSUID | MS_NODEV,
                  arena.allocateFrom(options));
      if (result != 0) {
        throw failed("mount", target, errors);
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a system call cannot throw", e);
    }
  }

  /**
   * Takes the mount away. Who has a file of it open keeps that.
   *
   * @throws IOException when the kernel refuses
   */
  static void unmount(Path target) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errors = arena.allocate(CLibrary.ERRORS);
      MemorySegment path = arena.allocateFrom(target.toString());
      if ((int) UMOUNT2.invokeExact(errors, path, MNT_DETACH | UMOUNT_NOFOLLOW) != 0) {
        throw failed("umount2", target, errors);
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a system call cannot throw", e);
    }
  }

  private static IOException failed(String call, Path target, MemorySegment errors) {
    return new IOException(
        "overlay on %s: %s failed with errno %d".formatted(target, call, CLibrary.errno(errors)));
  }
}
