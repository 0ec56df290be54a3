package io.intermodal.server.images.progress;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One line at the bottom of a terminal, written over again and again: bytes of how many, or how
 * long it has taken. It is gone in the end, and what is printed by others stands above it.
 */
public final class TerminalProgress implements Progress, AutoCloseable {
  private static final String OVER_THE_LINE = "\r\033[K";
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final int PERCENT = 100;

  private final PrintStream terminal;
  private final LongSupplier nanoTime;
  private final Thread clock;
  private String what = "";
  private long total;
  private long done;
  private long began;
  private boolean closed;

  /** Draws ten times a second, until it is closed. */
  public TerminalProgress(PrintStream terminal) {
    this(terminal, System::nanoTime);
  }

  TerminalProgress(PrintStream terminal, LongSupplier nanoTime) {
    this.terminal = terminal;
    this.nanoTime = nanoTime;
    this.clock = Thread.ofVirtual().name("progress").start(this::tick);
  }

  private void tick() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        draw();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public synchronized void begin(String what, long bytes) {
    this.what = what;
    total = bytes;
    done = 0;
    began = nanoTime.getAsLong();
  }

  @Override
  public synchronized void moved(long bytes) {
    done += bytes;
  }

  @Override
  public synchronized void end() {
    if (!what.isEmpty()) {
      what = "";
      write(OVER_THE_LINE);
    }
  }

  synchronized void draw() {
    if (!what.isEmpty() && !closed) {
      write(OVER_THE_LINE + line());
    }
  }

  private String line() {
    if (total > 0) {
      return "%s: %s of %s (%d %%)"
          .formatted(what, size(done), size(total), Math.min(PERCENT, done * PERCENT / total));
    }
    if (done > 0) {
      return "%s: %s".formatted(what, size(done));
    }
    long seconds = Duration.ofNanos(nanoTime.getAsLong() - began).toSeconds();
    return "%s: %d s".formatted(what, seconds);
  }

  private void write(String text) {
    terminal.print(text);
    terminal.flush();
  }

  /** A number of bytes for people, as engines show sizes: {@code 4.2 MB}. */
  public static String size(long bytes) {
    double value = bytes;
    for (String unit : new String[] {"B", "kB", "MB", "GB"}) {
      if (value < 999.5) {
        return unit.equals("B")
            ? bytes + " B"
            : String.format(Locale.ROOT, value < 9.95 ? "%.1f %s" : "%.0f %s", value, unit);
      }
      value /= 1000;
    }
    return String.format(Locale.ROOT, "%.1f TB", value);
  }

  @Override
  public void close() {
    clock.interrupt();
    synchronized (this) {
      end();
      closed = true;
    }
  }
}
