package io.intermodal.server.top.table;

import io.intermodal.server.top.usage.Usage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A column of numbers. Its width is fixed, so that nothing moves when a number grows. The constants
 * are in the order in which they are shown.
 */
enum Column {
  CPU("CPU", 8, 0),
  MEMORY("MEMORY", 9, 0),
  LIMIT("LIMIT", 9, 2),
  RECEIVED("RX/s", 9, 1),
  SENT("TX/s", 9, 1),
  PROCESSES("PROCS", 6, 3),
  WRITABLE_LAYER("WRITTEN", 9, 4);

  /** Between two columns. */
  static final String GAP = "  ";

  private final String header;
  private final int width;
  private final int sacrifice;

  /**
   * @param sacrifice 0 is always shown; of the others the highest go first when it gets narrow
   */
  Column(String header, int width, int sacrifice) {
    this.header = header;
    this.width = width;
    this.sacrifice = sacrifice;
  }

  String header() {
    return right(header);
  }

  String text(Usage usage) {
    return right(
        switch (this) {
          case CPU -> Units.cores(usage.cores());
          case MEMORY -> Units.bytes(usage.memory());
          case LIMIT -> Units.bytes(usage.limit());
          case RECEIVED -> Units.bytes(usage.received());
          case SENT -> Units.bytes(usage.sent());
          case PROCESSES -> Units.count(usage.processes());
          case WRITABLE_LAYER -> Units.bytes(usage.writableLayer());
        });
  }

  private String right(String text) {
    return GAP + " ".repeat(Math.max(0, width - text.length())) + text;
  }

  /** Those that leave the names so much room, in the order of being shown. */
  static List<Column> fitting(int room) {
    List<Column> chosen = new ArrayList<>(List.of(values()));
    while (width(chosen) > room) {
      Column least = chosen.stream().max(Comparator.comparingInt(c -> c.sacrifice)).orElseThrow();
      if (least.sacrifice == 0) {
        break;
      }
      chosen.removeIf(column -> column.sacrifice == least.sacrifice);
    }
    return List.copyOf(chosen);
  }

  /** How many characters they take. */
  static int width(List<Column> columns) {
    return columns.stream().mapToInt(column -> column.width + GAP.length()).sum();
  }
}
