package io.intermodal.server.top.table;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingDouble;

import io.intermodal.server.top.usage.Usage;
import java.util.Comparator;

/** What the table is sorted by. Names ascend and numbers descend, equal ones by name. */
public enum SortKey {
  CPU("cpu"),
  MEMORY("memory"),
  NETWORK("network"),
  NAME("name");

  private final String word;

  SortKey(String word) {
    this.word = word;
  }

  Comparator<Row> comparator(boolean reversed) {
    Comparator<Row> order =
        switch (this) {
          case CPU -> comparingDouble(row -> -row.usage().cores().orElse(-1));
          case MEMORY -> comparingDouble(row -> -(double) row.usage().memory().orElse(-1));
          case NETWORK -> comparingDouble(row -> -row.usage().traffic().orElse(-1));
          case NAME -> comparing(Row::name);
        };
    Comparator<Row> unique = order.thenComparing(Row::name);
    return reversed ? unique.reversed() : unique;
  }

  /** As it is typed and shown. */
  @Override
  public String toString() {
    return word;
  }

  /** A line before it is laid out. */
  record Row(String name, Usage usage) {}
}
