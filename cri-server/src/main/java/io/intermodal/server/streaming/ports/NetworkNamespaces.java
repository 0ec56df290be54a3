package io.intermodal.server.streaming.ports;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.intermodal.server.libc.CLibrary;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * Lets something happen in another network namespace, with {@code setns(2)} on a thread that is
 * made for it and ends afterwards. A socket that is made there stays in that namespace, whichever
 * thread uses it later.
 */
final class NetworkNamespaces {
  /** From the kernel's {@code fcntl.h} and {@code sched.h}. */
  private static final int O_RDONLY_CLOEXEC = 02000000;

  private static final int CLONE_NEWNET = 0x40000000;

  private static final MethodHandle OPEN =
      CLibrary.failing(
          "open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), CLibrary.variadic(2));
  private static final MethodHandle SETNS =
      CLibrary.failing("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle CLOSE =
      CLibrary.failing("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private NetworkNamespaces() {}

  /** Something that may fail. */
  @FunctionalInterface
  interface Action<T> {
    T run() throws IOException;
  }

  /**
   * Runs the action in the namespace behind the path and waits for its end; the action bounds how
   * long that takes.
   *
   * @param path {@code /proc/4711/ns/net}
   * @throws IOException when the namespace cannot be entered, and what the action throws
   */
  static <T> T within(String path, Action<T> action) throws IOException {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("netns")
        .start(() -> {
          try {
            enter(path);
            result.complete(action.run());
          } catch (Throwable failure) {
            result.completeExceptionally(failure);
          }
        });
    try {
      return result.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while working in " + path);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException known) {
        throw known;
      }
      throw new CompletionException(e.getCause());
    }
  }

  private static void enter(String path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment captured = arena.allocate(CLibrary.ERRORS);
      int file = (int) OPEN.invokeExact(captured, arena.allocateFrom(path), O_RDONLY_CLOEXEC);
      if (file < 0) {
        throw failed("open", path, captured);
      }
      try {
        if ((int) SETNS.invokeExact(captured, file, CLONE_NEWNET) != 0) {
          throw failed("setns", path, captured);
        }
      } finally {
        var _ = (int) CLOSE.invokeExact(captured, file);
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a system call cannot throw", e);
    }
  }

  private static IOException failed(String call, String path, MemorySegment captured) {
    int errno = CLibrary.errno(captured);
    return new IOException(
        "the network namespace %s cannot be entered: %s failed with errno %d"
            .formatted(path, call, errno));
  }
}
