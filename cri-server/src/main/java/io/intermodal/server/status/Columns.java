package io.intermodal.server.status;

import java.util.ArrayList;
import java.util.List;

/** Rows of text, each column as wide as its widest cell. */
public final class Columns {
  private static final String GAP = "  ";
  private static final String RIGHT = ">";

  private final List<Boolean> right;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * @param headers of the columns; one that begins with {@code >} is of numbers, set to the right
   */
  public Columns(String... headers) {
    right = List.of(headers).stream().map(header -> header.startsWith(RIGHT)).toList();
    rows.add(
        List.of(headers).stream()
            .map(header -> header.startsWith(RIGHT) ? header.substring(1) : header)
            .toList());
  }

  /** Adds a row, of as many cells as there are headers. */
  public void add(String... cells) {
    if (cells.length != right.size()) {
      throw new IllegalArgumentException(
          "%d cells (expected: %d)".formatted(cells.length, right.size()));
    }
    rows.add(List.of(cells));
  }

  /** The headers and the rows, without blanks at their ends. */
  public List<String> lines() {
    return rows.stream().map(this::line).toList();
  }

  private String line(List<String> cells) {
    List<String> padded = new ArrayList<>();
    for (int i = 0; i < cells.size(); i++) {
      String blank = " ".repeat(width(i) - cells.get(i).length());
      padded.add(right.get(i) ? blank + cells.get(i) : cells.get(i) + blank);
    }
    return String.join(GAP, padded).stripTrailing();
  }

  private int width(int column) {
    return rows.stream().mapToInt(cells -> cells.get(column).length()).reduce(0, Math::max);
  }
}
