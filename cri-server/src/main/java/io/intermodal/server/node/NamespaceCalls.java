package io.intermodal.server.node;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

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

/** The system calls that make a network namespace stay. */
final class NamespaceCalls {
  /** From the kernel's {@code sched.h}, {@code mount.h}, {@code socket.h}, {@code if.h}. */
  private static final int CLONE_NEWNET = 0x40000000;

  private static final long MS_BIND = 4096;
  private static final int MNT_DETACH = 2;
  private static final int UMOUNT_NOFOLLOW = 8;
  private static final int EINVAL = 22;
  private static final int AF_INET = 2;
  private static final int SOCK_DGRAM_CLOEXEC = 2 | 02000000;
  private static final long SIOCGIFFLAGS = 0x8913;
  private static final long SIOCSIFFLAGS = 0x8914;
  private static final short IFF_UP = 1;

  /** {@code struct ifreq}: the name, then what it is about. */
  private static final long IFREQ = 40;

  private static final long IFREQ_FLAGS = 16;

  private static final MethodHandle UNSHARE =
      CLibrary.failing("unshare", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle MOUNT =
      CLibrary.failing(
          "mount", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
  private static final MethodHandle UMOUNT2 =
      CLibrary.failing("umount2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle SOCKET =
      CLibrary.failing("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle IOCTL =
      CLibrary.failing(
          "ioctl",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
          CLibrary.variadic(2));
  private static final MethodHandle CLOSE =
      CLibrary.failing("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private NamespaceCalls() {}

  /**
   * Makes a namespace, brings its loopback up and binds it to a file.
   *
   * <p>A thread that has entered a namespace never leaves it, so it is one made for this.
   *
   * @param file an existing file
   * @throws IOException when the kernel refuses
   */
  static void bindNew(Path file) throws IOException {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("new-netns")
        .start(() -> {
          try {
            bindNewFromHere(file);
            done.complete(null);
          } catch (Throwable failure) {
            done.completeExceptionally(failure);
          }
        });
    try {
      done.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while making network namespace " + file);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException known) {
        throw known;
      }
      throw new CompletionException(e.getCause());
    }
  }

  private static void bindNewFromHere(Path file) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errors = arena.allocate(CLibrary.ERRORS);
      check("unshare", file, errors, (int) UNSHARE.invokeExact(errors, CLONE_NEWNET));
      bringLoopbackUp(file, arena, errors);
      int bound =
          (int)
              MOUNT.invokeExact(
                  errors,
                  arena.allocateFrom("/proc/thread-self/ns/net"),
                  arena.allocateFrom(file.toString()),
                  MemorySegment.NULL,
                  MS_BIND,
                  MemorySegment.NULL);
      check("mount", file, errors, bound);
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a system call cannot throw", e);
    }
  }

  private static void bringLoopbackUp(Path file, Arena arena, MemorySegment errors)
      throws Throwable {
    int socket = (int) SOCKET.invokeExact(errors, AF_INET, SOCK_DGRAM_CLOEXEC, 0);
    check("socket", file, errors, socket);
    try {
      MemorySegment request = arena.allocate(IFREQ);
      request.setString(0, "lo");
      check("ioctl", file, errors, (int) IOCTL.invokeExact(errors, socket, SIOCGIFFLAGS, request));
      short flags = request.get(JAVA_SHORT, IFREQ_FLAGS);
      request.set(JAVA_SHORT, IFREQ_FLAGS, (short) (flags | IFF_UP));
      check("ioctl", file, errors, (int) IOCTL.invokeExact(errors, socket, SIOCSIFFLAGS, request));
    } finally {
      var _ = (int) CLOSE.invokeExact(errors, socket);
    }
  }

  /**
   * Ends what {@link #bindNew} began; a file that nothing is bound to is left as it is.
   *
   * @throws IOException when the kernel refuses
   */
  static void unbind(Path file) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errors = arena.allocate(CLibrary.ERRORS);
      int result =
          (int)
              UMOUNT2.invokeExact(
                  errors, arena.allocateFrom(file.toString()), MNT_DETACH | UMOUNT_NOFOLLOW);
      if (result != 0 && CLibrary.errno(errors) != EINVAL) {
        throw failed("umount2", file, errors);
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a system call cannot throw", e);
    }
  }

  private static void check(String call, Path file, MemorySegment errors, int result)
      throws IOException {
    if (result < 0) {
      throw failed(call, file, errors);
    }
  }

  private static IOException failed(String call, Path file, MemorySegment errors) {
    return new IOException(
        "network namespace %s: %s failed with errno %d"
            .formatted(file, call, CLibrary.errno(errors)));
  }
}
