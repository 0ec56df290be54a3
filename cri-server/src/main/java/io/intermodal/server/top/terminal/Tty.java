package io.intermodal.server.top.terminal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.intermodal.server.libc.CLibrary;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** The C library's calls about a terminal, on standard output's descriptor. */
final class Tty {
  private static final int STDOUT = 1;

  /** From the kernel's {@code asm-generic/ioctls.h}: x86-64 and arm64 have the same. */
  private static final long TIOCGWINSZ = 0x5413;

  private static final int TCSANOW = 0;

  /** From {@code asm-generic/termbits.h}: four words of flags, a line discipline, characters. */
  private static final long LOCAL_FLAGS = 12;

  private static final int ICANON = 0x2;
  private static final int ECHO = 0x8;
  private static final long CHARACTERS = 17;
  private static final int VTIME = 5;
  private static final int VMIN = 6;
  private static final int VSUSP = 10;

  /** The struct has 60 bytes; a C library may have a few more one day. */
  private static final int TERMIOS_BYTES = 128;

  private static final MethodHandle ISATTY =
      CLibrary.function("isatty", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle TCGETATTR =
      CLibrary.function("tcgetattr", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle TCSETATTR =
      CLibrary.function("tcsetattr", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle IOCTL =
      CLibrary.function(
          "ioctl",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
          CLibrary.variadic(2));

  private Tty() {}

  /** A call that answers 0 when it went well. */
  @FunctionalInterface
  private interface Call {
    int run(MemorySegment memory) throws Throwable;
  }

  /** How a terminal behaves, to be given back. */
  static final class Mode {
    private final byte[] termios;

    private Mode(byte[] termios) {
      this.termios = termios;
    }
  }

  /** Whether standard output is a terminal. */
  static boolean isTerminal() {
    return isTerminal(STDOUT);
  }

  /** Whether an open descriptor is a terminal's. */
  static boolean isTerminal(int descriptor) {
    return call(memory -> (int) ISATTY.invokeExact(descriptor), new byte[0]) == 1;
  }

  /** The size, or the given one when the terminal does not know it: a serial line. */
  static TerminalSize size(TerminalSize otherwise) {
    byte[] size = new byte[8];
    if (call(memory -> (int) IOCTL.invokeExact(STDOUT, TIOCGWINSZ, memory), size) != 0) {
      return otherwise;
    }
    int rows = word(size, 0);
    int columns = word(size, 2);
    return rows > 0 && columns > 0 ? new TerminalSize(columns, rows) : otherwise;
  }

  static Mode mode() throws IOException {
    byte[] termios = new byte[TERMIOS_BYTES];
    if (call(memory -> (int) TCGETATTR.invokeExact(STDOUT, memory), termios) != 0) {
      throw new IOException("the terminal does not say how it behaves (tcgetattr failed)");
    }
    return new Mode(termios);
  }

  static void set(Mode mode) throws IOException {
    byte[] termios = mode.termios.clone();
    if (call(memory -> (int) TCSETATTR.invokeExact(STDOUT, TCSANOW, memory), termios) != 0) {
      throw new IOException("the terminal does not change its behaviour (tcsetattr failed)");
    }
  }

  /**
   * The mode in which each key is told at once and none is shown. Ctrl-C stays a signal. Ctrl-Z is
   * none: nobody would put the screen back before the shell has it.
   */
  static Mode keyByKey(Mode mode) {
    byte[] termios = mode.termios.clone();
    MemorySegment struct = MemorySegment.ofArray(termios);
    ValueLayout.OfInt flags = ValueLayout.JAVA_INT_UNALIGNED;
    struct.set(flags, LOCAL_FLAGS, struct.get(flags, LOCAL_FLAGS) & ~(ICANON | ECHO));
    struct.set(ValueLayout.JAVA_BYTE, CHARACTERS + VMIN, (byte) 1);
    struct.set(ValueLayout.JAVA_BYTE, CHARACTERS + VTIME, (byte) 0);
    struct.set(ValueLayout.JAVA_BYTE, CHARACTERS + VSUSP, (byte) 0);
    return new Mode(termios);
  }

  private static int word(byte[] bytes, int index) {
    return MemorySegment.ofArray(bytes).get(ValueLayout.JAVA_SHORT_UNALIGNED, index) & 0xffff;
  }

  private static int call(Call call, byte[] content) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(Math.max(1, content.length), 8);
      MemorySegment array = MemorySegment.ofArray(content);
      memory.copyFrom(array);
      int result = call.run(memory);
      array.copyFrom(memory.asSlice(0, content.length));
      return result;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a call of the C library cannot throw", e);
    }
  }
}
