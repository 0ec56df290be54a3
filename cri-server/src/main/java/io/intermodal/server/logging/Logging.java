package io.intermodal.server.logging;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Sets the log up, for the whole process. */
public final class Logging {
  private static final Map<String, Level> LEVELS =
      Map.of(
          "error", Level.SEVERE,
          "warn", Level.WARNING,
          "info", Level.INFO,
          "debug", Level.FINE,
          "trace", Level.FINEST);

  private Logging() {}

  /**
   * Must be called before anything logs: the JDK chooses its log manager once. Ours keeps working
   * until the process ends; the JDK's own goes silent as soon as a shutdown begins.
   */
  public static void prepare() {
    System.setProperty("java.util.logging.manager", LastingLogManager.class.getName());
  }

  /**
   * Sends the log to a stream.
   *
   * <p>The level is for our own loggers. Libraries are heard from info on, whatever the level:
   * beneath that gRPC writes whole frames, with the registry passwords in them.
   *
   * @param level error, warn, info, debug or trace
   * @param format text or json
   */
  public static void start(String level, String format, PrintStream out) {
    Level own = LEVELS.getOrDefault(level, Level.INFO);
    Level libraries = own.intValue() < Level.INFO.intValue() ? Level.INFO : own;
    Logger root = Logger.getLogger("");
    Logger ours = Logger.getLogger("io.intermodal");
    // Netty warns for each connection that Unix sockets lack an option of TCP.
    Logger bootstrap = Logger.getLogger("io.netty.bootstrap");
    // Lines again and again of spans that are not taken, which tracing itself says once.
    Logger exporter = Logger.getLogger("io.opentelemetry.exporter");
    Logger queue = Logger.getLogger("io.opentelemetry.sdk.trace.export");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    root.setLevel(libraries);
    ours.setLevel(own);
    bootstrap.setLevel(Level.SEVERE);
    exporter.setLevel(Level.OFF);
    queue.setLevel(Level.OFF);
    Formatter formatter = format.equals("json") ? new JsonLine() : new TextLine();
    root.addHandler(new StreamOfLines(out, formatter, List.of(ours, bootstrap, exporter, queue)));
  }

  /** Writes each record at once. */
  private static final class StreamOfLines extends Handler {
    private final PrintStream out;

    /** The JDK holds loggers weakly: one that is collected forgets its level. */
    @SuppressWarnings("unused") // Held, never read.
    private final List<Logger> kept;

    StreamOfLines(PrintStream out, Formatter formatter, List<Logger> kept) {
      this.out = out;
      this.kept = kept;
      setFormatter(formatter);
      setLevel(Level.ALL);
    }

    @Override
    public void publish(LogRecord line) {
      out.print(getFormatter().format(line));
    }

    @Override
    public void flush() {
      out.flush();
    }

    @Override
    public void close() {
      out.flush();
    }
  }

  /** A log manager that does not take its handlers away while the process shuts down. */
  public static final class LastingLogManager extends LogManager {
    @Override
    public void reset() {
      // Called by the JDK's own shutdown hook, while ours still have something to say.
    }
  }
}
