package io.intermodal.server.top.table;

import io.intermodal.server.top.table.SortKey.Row;
import io.intermodal.server.top.usage.Pod;
import io.intermodal.server.top.usage.Usage;
import java.util.ArrayList;
import java.util.List;

/** Pods as lines of text. */
public final class Table {
  /** Names are given this much before any column is; they get what is left over too. */
  private static final int COMFORTABLE_NAME = 28;

  /** Less would tell nothing; a line is cut then. */
  private static final int SHORTEST_NAME = 8;

  private static final char CUT = '~';

  private Table() {}

  /**
   * What is laid out how.
   *
   * @param reversed the other way round
   */
  public record Choice(View view, SortKey key, boolean reversed) {}

  /**
   * The lines, the header first. None is longer than the width.
   *
   * @param width characters; a name that does not fit is cut and ends with a tilde
   */
  public static List<String> lines(List<Pod<Usage>> pods, Choice choice, int width) {
    List<Row> rows = choice.view().rows(pods, choice.key().comparator(choice.reversed()));
    String header = choice.view().header();
    int longest =
        rows.stream().mapToInt(row -> row.name().length()).reduce(header.length(), Math::max);
    List<Column> columns = Column.fitting(width - Math.min(longest, COMFORTABLE_NAME));
    int room = Math.max(SHORTEST_NAME, Math.min(longest, width - Column.width(columns)));
    StringBuilder first = new StringBuilder(padded(header, room));
    columns.forEach(column -> first.append(column.header()));
    List<String> lines = new ArrayList<>();
    lines.add(cut(first.toString(), width));
    for (Row row : rows) {
      StringBuilder line = new StringBuilder(padded(printable(row.name()), room));
      columns.forEach(column -> line.append(column.text(row.usage())));
      lines.add(cut(line.toString(), width));
    }
    return lines;
  }

  /** The text, or as much of it as fits and a sign that there was more. */
  public static String cut(String text, int width) {
    if (text.length() <= width) {
      return text;
    }
    return width < 1 ? "" : text.substring(0, width - 1) + CUT;
  }

  private static String padded(String name, int room) {
    String fitting = cut(name, room);
    return fitting + " ".repeat(room - fitting.length());
  }

  /** A name comes from a server: whatever is in it must not reach the terminal as a command. */
  public static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
