package io.intermodal.containerd.toml;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Puts lines into a text, written as those around them: with their indentation, quotation marks and
 * ends of lines.
 */
record Insertion(String text, List<Statement> statements) {
  /** A key at the top, behind the others there. */
  String atTop(String key, Object value) {
    List<Statement> top =
        statements.stream().takeWhile(Statement.Assignment.class::isInstance).toList();
    return top.isEmpty()
        ? line("", key, value, '"') + text
        : at(lineAfter(top.getLast().end()), line(indentOf(top.getLast()), key, value, '"'));
  }

  /** A key in a table, behind those that are there. */
  String into(Statement.Header header, String key, Object value) {
    Statement last = lastIn(header);
    String indent = last.equals(header) ? keyIndent(indentOf(header)) : indentOf(last);
    return at(lineAfter(last.end()), line(indent, key, value, header.quote()));
  }

  /** A new table with one key, behind the table that it is most akin to, or at the end. */
  String ofTable(List<String> table, String key, Object value) {
    Optional<Statement.Header> akin = akin(table);
    if (akin.isEmpty()) {
      String gap = text.isBlank() || endsWithBlankLine(text) ? "" : newline();
      String name = TomlValues.name(table, '"');
      return at(
          text.length(), gap + "[" + name + "]" + newline() + line(keyIndent(""), key, value, '"'));
    }
    Statement.Header header = akin.get();
    char quote = header.quote();
    String indent = indentOf(header);
    boolean child = isPrefix(header.path(), table);
    if (child && isIndented()) {
      indent += unit();
    }
    String gap = endsWithBlankLine(text.substring(0, lineOf(header.start()))) ? newline() : "";
    String name = TomlValues.name(table, quote);
    return at(
        afterComments(lineAfter(lastIn(header).end())),
        gap + indent + "[" + name + "]" + newline() + line(keyIndent(indent), key, value, quote));
  }

  /** Of the headers that share the longest beginning with the name, the last. */
  private Optional<Statement.Header> akin(List<String> table) {
    int longest = headers().stream().mapToInt(header -> shared(header, table)).max().orElse(0);
    return longest == 0
        ? Optional.empty()
        : headers().stream()
            .filter(header -> shared(header, table) == longest)
            .reduce((first, second) -> second);
  }

  private static int shared(Statement.Header header, List<String> table) {
    return (int)
        IntStream.range(0, Math.min(header.path().size(), table.size()))
            .takeWhile(i -> header.path().get(i).equals(table.get(i)))
            .count();
  }

  private static boolean isPrefix(List<String> path, List<String> table) {
    return path.size() < table.size() && table.subList(0, path.size()).equals(path);
  }

  private List<Statement.Header> headers() {
    return statements.stream()
        .filter(Statement.Header.class::isInstance)
        .map(Statement.Header.class::cast)
        .toList();
  }

  /** The last key of a table, or its header. */
  private Statement lastIn(Statement.Header header) {
    int last = statements.indexOf(header);
    while (last + 1 < statements.size()
        && statements.get(last + 1) instanceof Statement.Assignment) {
      last++;
    }
    return statements.get(last);
  }

  private int lineOf(int offset) {
    return text.lastIndexOf('\n', offset - 1) + 1;
  }

  private int lineAfter(int offset) {
    int end = text.indexOf('\n', offset);
    return end < 0 ? text.length() : end + 1;
  }

  /**
   * Behind the comments that follow directly, which belong to what is above; unless they run into a
   * header, to which they belong then.
   */
  private int afterComments(int line) {
    int next = line;
    while (text.substring(next, lineAfter(next)).strip().startsWith("#")) {
      next = lineAfter(next);
    }
    return text.substring(next, lineAfter(next)).isBlank() ? next : line;
  }

  private String at(int offset, String lines) {
    boolean unended = offset > 0 && text.charAt(offset - 1) != '\n';
    return text.substring(0, offset) + (unended ? newline() : "") + lines + text.substring(offset);
  }

  private String line(String indent, String key, Object value, char quote) {
    return indent
        + TomlValues.name(List.of(key), quote)
        + " = "
        + TomlValues.written(value, quote)
        + newline();
  }

  private String indentOf(Statement statement) {
    int line = lineOf(statement.start());
    String before = text.substring(line, statement.start());
    return before.isBlank() ? before : "";
  }

  private String keyIndent(String header) {
    return keysAreIndented() ? header + unit() : header;
  }

  private boolean isIndented() {
    return headers().stream().anyMatch(header -> !indentOf(header).isEmpty());
  }

  /** Whether keys stand further right than the header above; so containerd writes them. */
  private boolean keysAreIndented() {
    String header = "";
    boolean below = false;
    boolean flush = false;
    for (Statement statement : statements) {
      switch (statement) {
        case Statement.Header next -> {
          header = indentOf(next);
          below = true;
        }
        case Statement.Assignment key -> {
          if (below && indentOf(key).length() > header.length()) {
            return true;
          }
          flush |= below;
        }
      }
    }
    return !flush;
  }

  private String unit() {
    return statements.stream().map(this::indentOf).anyMatch(indent -> indent.contains("\t"))
        ? "\t"
        : "  ";
  }

  private boolean endsWithBlankLine(String before) {
    return before.endsWith("\n\n") || before.endsWith("\n\r\n");
  }

  private String newline() {
    int end = text.indexOf('\n');
    return end > 0 && text.charAt(end - 1) == '\r' ? "\r\n" : "\n";
  }
}
