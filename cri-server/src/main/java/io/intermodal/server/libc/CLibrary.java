package io.intermodal.server.libc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds functions of the C library. Whoever calls one gives its shape, which nobody checks. */
public final class CLibrary {
  /** The layout of what a call leaves behind that tells why it failed. */
  public static final StructLayout ERRORS = Linker.Option.captureStateLayout();

  private static final VarHandle ERRNO =
      ERRORS.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private CLibrary() {}

  /**
   * A function that is always there.
   *
   * @param options {@link #variadic} for one like {@code open}
   */
  public static MethodHandle function(
      String name, FunctionDescriptor shape, Linker.Option... options) {
    return optional(name, shape, options)
        .orElseThrow(
            () -> new UncheckedIOException(new IOException("the C library has no " + name)));
  }

  /**
   * A function of which it matters why it fails: the handle's first argument is a segment of {@link
   * #ERRORS}, which receives what {@link #errno} reads.
   */
  public static MethodHandle failing(
      String name, FunctionDescriptor shape, Linker.Option... options) {
    return function(
        name,
        shape,
        Stream.concat(Stream.of(Linker.Option.captureCallState("errno")), Arrays.stream(options))
            .toArray(Linker.Option[]::new));
  }

  /** A function that older libraries do not have. */
  // Restricted, since a wrong shape would crash the process; native access is given at start.
  @SuppressWarnings("restricted")
  public static Optional<MethodHandle> optional(
      String name, FunctionDescriptor shape, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find(name)
        .map(address -> linker.downcallHandle(address, shape, options));
  }

  /** For a function with any number of arguments, of which every call has so many. */
  public static Linker.Option variadic(int fixed) {
    return Linker.Option.firstVariadicArg(fixed);
  }

  /** Why the call failed. */
  public static int errno(MemorySegment errors) {
    return (int) ERRNO.get(errors, 0L);
  }
}
