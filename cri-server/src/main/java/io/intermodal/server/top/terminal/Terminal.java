package io.intermodal.server.top.terminal;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The terminal in the mode of a full-screen program. It is given back as it was when this is
 * closed, and also when the process ends before: by Ctrl-C, SIGTERM, a hang-up or a failure.
 */
public final class Terminal implements AutoCloseable {
  private static final TerminalSize USUAL = new TerminalSize(80, 24);
  private static final int STDERR = 2;
  private static final int SEVERAL_KEYS = 64;

  private final Tty.Mode before;
  private final Screen screen;
  private boolean restored;

  private Terminal(PrintStream out, boolean coloured) throws IOException {
    before = Tty.mode();
    screen = new Screen(out, coloured);
    // First, so that there is no moment in which the process could end and leave it changed.
    Runtime.getRuntime().addShutdownHook(new Thread(this::restore, "terminal"));
  }

  /** Whether standard output is a terminal that understands more than letters. */
  public static boolean isThere(String kind) {
    return Tty.isTerminal() && !kind.isEmpty() && !kind.equals("dumb");
  }

  /** The same for standard error, where progress is shown. */
  public static boolean isThereForErrors(String kind) {
    return Tty.isTerminal(STDERR) && !kind.isEmpty() && !kind.equals("dumb");
  }

  /** The same for standard output, whatever it understands: bytes would end up on it. */
  public static boolean takesOutput() {
    return Tty.isTerminal();
  }

  /**
   * Takes the terminal over.
   *
   * @param out standard output
   * @throws IOException when it cannot be
   */
  public static Terminal open(PrintStream out, boolean coloured) throws IOException {
    Terminal terminal = new Terminal(out, coloured);
    terminal.begin();
    return terminal;
  }

  private synchronized void begin() throws IOException {
    if (!restored) {
      Tty.set(Tty.keyByKey(before));
      screen.open();
    }
  }

  public Screen screen() {
    return screen;
  }

  /** The size now: it changes when someone resizes a window. */
  public TerminalSize size() {
    return Tty.size(USUAL);
  }

  /**
   * Tells each key that is pressed, on a thread of its own that ends with the process.
   *
   * @param gone is told when the terminal has hung up, and why if it cannot be read
   */
  public void readKeys(Consumer<Key> keys, Consumer<Optional<IOException>> gone) {
    Thread.ofPlatform()
        .daemon()
        .name("keys")
        .start(() -> {
          // Not standard input: that may be a file.
          try (InputStream in = new FileInputStream("/dev/tty")) {
            byte[] bytes = new byte[SEVERAL_KEYS];
            for (int length = in.read(bytes); length > 0; length = in.read(bytes)) {
              Key.in(bytes, length).forEach(keys);
            }
            gone.accept(Optional.empty());
          } catch (IOException e) {
            gone.accept(Optional.of(e));
          }
        });
  }

  private synchronized void restore() {
    if (restored) {
      return;
    }
    restored = true;
    screen.close();
    try {
      Tty.set(before);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    restore();
  }
}
