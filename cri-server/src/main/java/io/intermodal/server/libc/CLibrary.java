package io.intermodal.server.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * Functions of the C library for which Java has no word. A handle's first argument is a segment of
 * {@link #ERRORS}, which receives what {@link #errno} reads.
 */
public final class CLibrary {
  /** The layout of what a call leaves behind. */
  public static final StructLayout ERRORS = Linker.Option.captureStateLayout();

  private static final VarHandle ERRNO =
      ERRORS.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private CLibrary() {}

  /** A function with as many arguments as it is given here. */
  public static MethodHandle function(String name, FunctionDescriptor shape) {
    return link(name, shape, Linker.Option.captureCallState("errno"));
  }

  /**
   * A function like {@code open}, with a variable number of arguments.
   *
   * @param fixed how many of them every call has
   */
  public static MethodHandle variadicFunction(String name, FunctionDescriptor shape, int fixed) {
    return link(
        name,
        shape,
        Linker.Option.captureCallState("errno"),
        Linker.Option.firstVariadicArg(fixed));
  }

  /** Why the call failed. */
  public static int errno(MemorySegment errors) {
    return (int) ERRNO.get(errors, 0L);
  }

  // Restricted, since a wrong shape would crash the process; native access is given at start.
  @SuppressWarnings("restricted")
  private static MethodHandle link(
      String name, FunctionDescriptor shape, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    MemorySegment address =
        linker
            .defaultLookup()
            .find(name)
            .orElseThrow(
                () -> new UncheckedIOException(new IOException("the C library has no " + name)));
    return linker.downcallHandle(address, shape, options);
  }
}
