package io.intermodal.containerd.toml;

import io.intermodal.runtime.setup.SetupException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * A TOML file whose single keys can be changed. An edit makes a new one of the same path; what
 * cannot be edited surely is refused with the file, the line and the key.
 *
 * <p>Values are {@code String}, {@code Boolean}, {@code Long}, lists and maps of them.
 */
public final class TomlFile {
  private final Path path;
  private final String text;
  private final TomlParseResult toml;

  private TomlFile(Path path, String text, TomlParseResult toml) {
    this.path = path;
    this.text = text;
    this.toml = toml;
  }

  /**
   * @throws SetupException when the text is no TOML; it says in which line
   */
  public static TomlFile of(Path path, String text) throws SetupException {
    TomlParseResult toml = Toml.parse(text);
    if (toml.hasErrors()) {
      TomlParseError first = toml.errors().getFirst();
      throw new SetupException(
          "%s is no TOML: %s (line %d): mend that line, or move the file away"
              .formatted(path, first.getMessage(), first.position().line()));
    }
    return new TomlFile(path, text, toml);
  }

  /** A value as it stands in a file. */
  public static String written(Object value) {
    return TomlValues.written(value, '"');
  }

  /** The name of a table or a key as it stands in a file. */
  public static String name(List<String> path) {
    return TomlValues.name(path, '"');
  }

  public Path path() {
    return path;
  }

  public String text() {
    return text;
  }

  /** What a key says, a table as a map, all of it for no key; empty where nothing is said. */
  public Optional<Object> get(List<String> key) {
    if (key.isEmpty()) {
      return Optional.of(TomlValues.plain(toml));
    }
    return Optional.ofNullable(toml.get(key)).map(TomlValues::plain);
  }

  /** The names in a table, in the order in which they stand in the file. */
  public List<String> names(List<String> table) {
    return toml.get(table) instanceof TomlTable found
        ? found.keySet().stream()
            .sorted(Comparator.comparingInt(name -> line(found, name)))
            .toList()
        : List.of();
  }

  private static int line(TomlTable table, String name) {
    TomlPosition position = table.inputPositionOf(List.of(name));
    return position == null ? 0 : position.line();
  }

  /** Where a key is, for people: {@code line 3 of FILE}, or the file alone. */
  public String place(List<String> key) {
    TomlPosition position = toml.inputPositionOf(key);
    return position == null ? path.toString() : "line %d of %s".formatted(position.line(), path);
  }

  /** With one key set, in its table, which is added where there is none. */
  public TomlFile with(List<String> key, Object value) throws SetupException {
    if (get(key).filter(value::equals).isPresent()) {
      return this;
    }
    List<Statement> statements = statements();
    refuseOtherForms(key, statements);
    Insertion insertion = new Insertion(text, statements);
    Optional<Statement.Assignment> present = assignment(key, statements);
    List<String> table = key.subList(0, key.size() - 1);
    String edited;
    if (present.isPresent()) {
      Statement.Assignment line = present.get();
      char quote = text.charAt(line.value());
      edited =
          text.substring(0, line.value())
              + TomlValues.written(value, quote)
              + text.substring(line.end());
    } else if (table.isEmpty()) {
      edited = insertion.atTop(key.getLast(), value);
    } else {
      Optional<Statement.Header> header = header(table, statements);
      edited =
          header.isPresent()
              ? insertion.into(header.get(), key.getLast(), value)
              : insertion.ofTable(table, key.getLast(), value);
    }
    return checked(edited, key, value);
  }

  /** With some strings taken out of a list. */
  public TomlFile without(List<String> key, Predicate<Object> unwanted) throws SetupException {
    TomlFile file = this;
    while (true) {
      if (!(file.get(key).orElse(List.of()) instanceof List<?> list)
          || list.stream().noneMatch(unwanted)) {
        return file;
      }
      file = file.withoutFirst(key, list, unwanted);
    }
  }

  private TomlFile withoutFirst(List<String> key, List<?> list, Predicate<Object> unwanted)
      throws SetupException {
    List<Statement> statements = statements();
    Optional<Statement.Assignment> line = assignment(key, statements);
    if (line.isEmpty()) {
      throw cannotEdit(key, "it is not on a line of its own");
    }
    List<Element> elements = StatementReader.elements(text, line.get().value());
    int first = 0;
    while (!unwanted.test(list.get(first))) {
      first++;
    }
    if (elements.size() != list.size()) {
      throw cannotEdit(key, "its elements cannot be told apart");
    }
    List<Object> wanted = new ArrayList<>(list);
    wanted.remove(first);
    return checked(new Removal(text, elements, first).after(), key, wanted);
  }

  private List<Statement> statements() throws SetupException {
    try {
      return StatementReader.statements(text);
    } catch (IllegalArgumentException e) {
      throw new SetupException(
          "%s cannot be edited (%s): set it by hand".formatted(path, e.getMessage()), e);
    }
  }

  private static Optional<Statement.Assignment> assignment(
      List<String> key, List<Statement> statements) {
    return statements.stream()
        .filter(Statement.Assignment.class::isInstance)
        .map(Statement.Assignment.class::cast)
        .filter(line -> line.path().equals(key))
        .findFirst();
  }

  private static Optional<Statement.Header> header(List<String> table, List<Statement> statements) {
    return statements.stream()
        .filter(Statement.Header.class::isInstance)
        .map(Statement.Header.class::cast)
        .filter(header -> header.path().equals(table))
        .findFirst();
  }

  /**
   * A table that is written inline, with dotted keys or as one of an array takes no line of ours:
   * TOML forbids to open such a table again.
   */
  private void refuseOtherForms(List<String> key, List<Statement> statements)
      throws SetupException {
    for (Statement statement : statements) {
      switch (statement) {
        case Statement.Assignment line -> {
          int shared = shared(line.path(), key);
          if (shared == line.path().size() && shared < key.size()) {
            throw cannotEdit(
                line.path(), "its table is written inside one line: write it as [%s]", key);
          }
          if (shared > line.depth() && shared < key.size()) {
            throw cannotEdit(
                line.path(), "its table is written with dotted keys: write it as [%s]", key);
          }
        }
        case Statement.Header header -> {
          List<String> name = header.path().subList(0, header.path().size() - 1);
          if (header.ofArray() && shared(name, key) == name.size()) {
            throw cannotEdit(name, "it is a list of tables, and not one", key);
          }
        }
      }
    }
  }

  private SetupException cannotEdit(List<String> found, String why, List<String> key) {
    return cannotEdit(found, why.formatted(name(key.subList(0, key.size() - 1))));
  }

  private SetupException cannotEdit(List<String> key, String why) {
    return new SetupException(
        "%s cannot be changed in %s: %s".formatted(name(key), place(key), why));
  }

  private static int shared(List<String> one, List<String> other) {
    int length = 0;
    while (length < Math.min(one.size(), other.size())
        && one.get(length).equals(other.get(length))) {
      length++;
    }
    return length;
  }

  /** INVARIANT: an edit changes one key and nothing else. */
  private TomlFile checked(String edited, List<String> key, Object value) throws SetupException {
    TomlParseResult result = Toml.parse(edited);
    Map<String, Object> wanted = TomlValues.with(TomlValues.plain(toml), key, value);
    if (result.hasErrors() || !Objects.equals(TomlValues.plain(result), wanted)) {
      throw cannotEdit(
          key, "its place is not found surely: set it to %s by hand".formatted(written(value)));
    }
    return new TomlFile(path, edited, result);
  }
}
