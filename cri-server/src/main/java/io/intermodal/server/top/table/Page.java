package io.intermodal.server.top.table;

import io.intermodal.server.top.usage.Pod;
import io.intermodal.server.top.usage.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A screenful: a title with totals, a line for trouble, the table, and the keys below. In a low
 * terminal the table comes first and the rest goes.
 *
 * @param lines from the top; no more and no longer than the terminal has room for
 * @param offset how many of the table's lines are above the first one: what was wished for, but
 *     never beyond the end
 * @param visible how many of the table's lines there is room for
 */
public record Page(List<Line> lines, int offset, int visible) {
  private static final String KEYS =
      "c cpu  m memory  n network  p name  r reverse  v view  arrows scroll  q quit";

  /** Title, trouble, header and keys. */
  private static final int FRAME = 4;

  private static final int LOWEST_WITH_FRAME = 6;

  /** How a line is shown. */
  public enum Style {
    PLAIN,
    HEADER,
    FAINT,
    TROUBLE
  }

  /** A line of the screen. */
  public record Line(Style style, String text) {}

  /**
   * What is to be shown.
   *
   * @param trouble why the numbers are not fresh; empty when they are
   */
  public record Content(
      String server, List<Pod<Usage>> pods, Table.Choice choice, Optional<String> trouble) {}

  /**
   * Lays it out.
   *
   * @param offset how many of the table's lines to leave out at its beginning
   */
  public static Page of(Content content, int offset, int width, int height) {
    List<String> table = Table.lines(content.pods(), content.choice(), width);
    List<String> rows = table.subList(1, table.size());
    boolean framed = height >= LOWEST_WITH_FRAME;
    int visible = Math.max(0, height - (framed ? FRAME : 1));
    int first = Math.clamp(offset, 0, Math.max(0, rows.size() - visible));
    int last = Math.min(rows.size(), first + visible);
    List<Line> lines = new ArrayList<>();
    Optional<Line> trouble =
        content.trouble().map(text -> new Line(Style.TROUBLE, fit(text, width)));
    if (framed) {
      lines.add(new Line(Style.PLAIN, fit(title(content), width)));
      lines.add(trouble.orElse(new Line(Style.PLAIN, "")));
    }
    lines.add(
        framed || trouble.isEmpty()
            ? new Line(Style.HEADER, table.getFirst() + blank(width - table.getFirst().length()))
            : trouble.get());
    Style rowStyle = trouble.isPresent() ? Style.FAINT : Style.PLAIN;
    rows.subList(first, last).forEach(row -> lines.add(new Line(rowStyle, row)));
    if (framed) {
      while (lines.size() < height - 1) {
        lines.add(new Line(Style.PLAIN, ""));
      }
      String hidden =
          last - first == rows.size()
              ? ""
              : "%d-%d of %d  ".formatted(first + 1, last, rows.size());
      lines.add(new Line(Style.FAINT, fit(hidden + KEYS, width)));
    }
    return new Page(lines.subList(0, Math.clamp(height, 0, lines.size())), first, visible);
  }

  private static String title(Content content) {
    List<Pod<Usage>> pods = content.pods();
    int containers = pods.stream().mapToInt(pod -> pod.containers().size()).sum();
    double cores = pods.stream().mapToDouble(pod -> pod.known().cores().orElse(0)).sum();
    long memory = pods.stream().mapToLong(pod -> pod.known().memory().orElse(0)).sum();
    return "%d pods, %d containers: cpu %s, memory %s; by %s%s; %s"
        .formatted(
            pods.size(),
            containers,
            Units.cores(OptionalDouble.of(cores)),
            Units.bytes(OptionalLong.of(memory)),
            content.choice().key(),
            content.choice().reversed() ? ", reversed" : "",
            content.server());
  }

  private static String fit(String text, int width) {
    return Table.cut(Table.printable(text), width);
  }

  private static String blank(int count) {
    return " ".repeat(Math.max(0, count));
  }
}
