package io.intermodal.containerd.toml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.tomlj.Toml;

/**
 * Finds the statements of a text that is known to be TOML (toml.io/en/v1.0.0).
 *
 * <p>On a text that is none it ends as well, with anything or an {@link IllegalArgumentException}.
 */
final class StatementReader {
  private static final char END = '\0';

  private final String text;
  private final List<Statement> statements = new ArrayList<>();

  /** How many tables each array of tables has had so far. */
  private final Map<List<String>, Integer> arrays = new HashMap<>();

  private List<String> table = List.of();
  private int at;

  private StatementReader(String text) {
    this.text = text;
  }

  static List<Statement> statements(String text) {
    StatementReader reader = new StatementReader(text);
    reader.skipBlankAndComments();
    while (reader.current() != END) {
      reader.statements.add(reader.current() == '[' ? reader.header() : reader.assignment());
      reader.skipBlankAndComments();
    }
    return reader.statements;
  }

  /**
   * The elements of an array.
   *
   * @param start where its bracket is
   */
  static List<Element> elements(String text, int start) {
    StatementReader reader = new StatementReader(text);
    reader.at = start + 1;
    List<Element> elements = new ArrayList<>();
    reader.skipBlankAndComments();
    while (reader.current() != ']') {
      int first = reader.at;
      reader.value();
      int end = reader.at;
      reader.skipBlankAndComments();
      boolean comma = reader.current() == ',';
      elements.add(new Element(first, end, comma ? reader.at : -1));
      if (comma) {
        reader.at++;
        reader.skipBlankAndComments();
      }
    }
    return elements;
  }

  private Statement header() {
    int start = at;
    boolean ofArray = text.startsWith("[[", at);
    at += ofArray ? 2 : 1;
    int name = at;
    List<String> path = resolved(key(']'));
    char quote = text.substring(name, at).contains("'") ? '\'' : '"';
    at += ofArray ? 2 : 1;
    if (ofArray) {
      int number = arrays.merge(path, 1, Integer::sum);
      path = Stream.concat(path.stream(), Stream.of(numbered(number))).toList();
    }
    table = path;
    return new Statement.Header(path, start, at, ofArray, quote);
  }

  /** A name with the numbers of the tables that it goes through, where those are in arrays. */
  private List<String> resolved(List<String> key) {
    List<String> path = new ArrayList<>();
    for (int i = 0; i < key.size(); i++) {
      path.add(key.get(i));
      Integer number = arrays.get(path);
      if (number != null && i + 1 < key.size()) {
        path.add(numbered(number));
      }
    }
    return path;
  }

  private static String numbered(int number) {
    return "\0" + number;
  }

  private Statement assignment() {
    int start = at;
    List<String> key = key('=');
    at++;
    skipSpaces();
    int value = at;
    value();
    return new Statement.Assignment(
        Stream.concat(table.stream(), key.stream()).toList(), start, value, at, table.size());
  }

  /** Reads up to the character that ends the key, and not that. */
  private List<String> key(char last) {
    int start = at;
    while (current() != last) {
      if (current() == '"' || current() == '\'') {
        string();
      } else {
        advance();
      }
    }
    return Toml.parseDottedKey(text.substring(start, at).strip());
  }

  private void value() {
    switch (current()) {
      case '"', '\'' -> string();
      case '[' -> nested(']');
      case '{' -> nested('}');
      default -> plain();
    }
  }

  private void nested(char last) {
    at++;
    while (current() != last) {
      switch (current()) {
        case '"', '\'' -> string();
        case '[' -> nested(']');
        case '{' -> nested('}');
        case '#' -> skipLine();
        default -> advance();
      }
    }
    at++;
  }

  /** A number, a time, true or false. A time may have a space in it. */
  private void plain() {
    int start = at;
    int end = at;
    while (",]}#\r\n".indexOf(current()) < 0 && current() != END) {
      boolean space = isSpace(current());
      at++;
      end = space ? end : at;
    }
    if (end == start) {
      throw new IllegalArgumentException("no value at " + at);
    }
    at = end;
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }

  private void string() {
    char quote = current();
    String three = String.valueOf(quote).repeat(3);
    if (text.startsWith(three, at)) {
      at += three.length();
      while (!text.startsWith(three, at)) {
        skipCharacter(quote);
      }
      at += three.length();
      // Up to two quotation marks may stand directly before the closing ones.
      while (current() == quote) {
        at++;
      }
      return;
    }
    at++;
    while (current() != quote) {
      skipCharacter(quote);
    }
    at++;
  }

  private void skipCharacter(char quote) {
    if (quote == '"' && current() == '\\') {
      advance();
    }
    advance();
  }

  private void advance() {
    if (current() == END) {
      throw new IllegalArgumentException("the text ends too early");
    }
    at++;
  }

  private void skipBlankAndComments() {
    while (current() != END && (Character.isWhitespace(current()) || current() == '#')) {
      if (current() == '#') {
        skipLine();
      } else {
        at++;
      }
    }
  }

  private void skipLine() {
    while (current() != '\n' && current() != END) {
      at++;
    }
  }

  private void skipSpaces() {
    while (isSpace(current())) {
      at++;
    }
  }

  private char current() {
    return at < text.length() ? text.charAt(at) : END;
  }
}
