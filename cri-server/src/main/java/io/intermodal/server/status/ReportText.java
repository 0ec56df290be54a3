package io.intermodal.server.status;

import io.intermodal.server.report.CallTimes;
import io.intermodal.server.report.EngineReport;
import io.intermodal.server.report.EngineReport.Counts;
import io.intermodal.server.report.EngineReport.Health;
import io.intermodal.server.report.NodeReport;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A report for people: who serves, the engines, what is wrong with them, and where they are. Plain
 * text; whatever a server said cannot reach the terminal as a command.
 */
final class ReportText {
  private static final String UNKNOWN = "-";
  private static final String LAST_KNOWN = "*";
  private static final DateTimeFormatter SINCE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double MILLIS_PER_SECOND = 1000;

  /** Below this many milliseconds, tenths of them are told. */
  private static final double SMALL = 9.95;

  private ReportText() {}

  /**
   * The lines.
   *
   * @param socket that was asked, as a URL
   */
  static List<String> lines(NodeReport report, String socket) {
    List<EngineReport> engines = report.engines();
    List<String> lines = new ArrayList<>();
    lines.add(title(report, socket));
    lines.add("");
    lines.addAll(numbers(engines).lines());
    List<String> remarks = remarks(engines);
    if (!remarks.isEmpty()) {
      lines.add("");
      lines.addAll(remarks);
    }
    lines.add("");
    lines.addAll(places(engines).lines());
    return lines.stream().map(ReportText::printable).toList();
  }

  private static String title(NodeReport report, String socket) {
    return report
        .server()
        .map(server ->
            "intermodal %s (pid %d) on %s since %s"
                .formatted(server.version(), server.pid(), socket, SINCE.format(server.since())))
        .orElseGet(() ->
            "%s is another CRI server's, or an older intermodal's: this is what it says over CRI"
                .formatted(socket));
  }

  private static Columns numbers(List<EngineReport> engines) {
    Columns columns =
        new Columns(
            "ENGINE",
            "KIND",
            "VERSION",
            "HEALTH",
            ">PODS",
            ">CONTAINERS",
            ">IMAGES",
            ">CALLS",
            ">FAILED",
            ">MEDIAN",
            ">SLOWEST",
            "");
    for (EngineReport engine : engines) {
      boolean marked = engine.isDefault() && engines.size() > 1;
      Counts counts = engine.counts();
      Optional<CallTimes> calls = engine.calls();
      columns.add(
          name(engine) + (marked ? " (default)" : ""),
          engine.kind().map(Object::toString).orElse(UNKNOWN),
          engine.version().orElse(UNKNOWN),
          engine.health().toString(),
          count(counts.pods(), counts),
          count(counts.containers(), counts),
          count(counts.images(), counts),
          calls.map(times -> Integer.toString(times.count())).orElse(UNKNOWN),
          calls.map(times -> Integer.toString(times.failed())).orElse(UNKNOWN),
          calls.map(times -> time(times.median())).orElse(UNKNOWN),
          calls.map(times -> time(times.slowest())).orElse(UNKNOWN),
          calls.map(CallTimes::slowestRpc).orElse(""));
    }
    return columns;
  }

  private static List<String> remarks(List<EngineReport> engines) {
    List<String> remarks = new ArrayList<>();
    for (EngineReport engine : engines) {
      if (engine.health() != Health.READY) {
        remarks.add(
            "%s is %s: %s"
                .formatted(
                    name(engine), engine.health(), engine.why().orElse("it does not say why")));
      }
    }
    if (engines.stream().anyMatch(engine -> engine.counts().lastKnown())) {
      remarks.add(LAST_KNOWN + " when it last answered");
    }
    return remarks;
  }

  private static Columns places(List<EngineReport> engines) {
    Columns columns = new Columns("ENGINE", "SOCKET", "RUNTIME HANDLERS");
    for (EngineReport engine : engines) {
      columns.add(
          name(engine),
          engine.socket().orElse(UNKNOWN),
          engine.runtimeHandlers().isEmpty()
              ? UNKNOWN
              : String.join(", ", engine.runtimeHandlers()));
    }
    return columns;
  }

  private static String name(EngineReport engine) {
    return engine.name().isEmpty() ? "it" : engine.name();
  }

  private static String count(OptionalInt count, Counts counts) {
    return count.isEmpty() ? UNKNOWN : count.getAsInt() + (counts.lastKnown() ? LAST_KNOWN : "");
  }

  private static String time(Duration duration) {
    double millis = duration.toNanos() / NANOS_PER_MILLI;
    if (millis < SMALL) {
      return String.format(Locale.ROOT, "%.1fms", millis);
    }
    return millis < MILLIS_PER_SECOND
        ? String.format(Locale.ROOT, "%.0fms", millis)
        : String.format(Locale.ROOT, "%.1fs", millis / MILLIS_PER_SECOND);
  }

  private static String printable(String line) {
    return line.replaceAll("\\p{Cntrl}+", " ");
  }
}
