package io.intermodal.containerd.toml;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/** Values of TOML as plain objects, and as text. */
final class TomlValues {
  private TomlValues() {}

  static Map<String, Object> plain(TomlTable table) {
    Map<String, Object> plain = new LinkedHashMap<>();
    table.toMap().forEach((key, value) -> plain.put(key, plain(value)));
    return plain;
  }

  static Object plain(Object value) {
    return switch (value) {
      case TomlTable table -> plain(table);
      case TomlArray array -> array.toList().stream().map(TomlValues::plain).toList();
      default -> value;
    };
  }

  /** The same with one value set, in tables that are added where there are none. */
  static Map<String, Object> with(Map<String, Object> table, List<String> key, Object value) {
    Map<String, Object> changed = new LinkedHashMap<>(table);
    String first = key.getFirst();
    changed.put(
        first,
        key.size() == 1 ? value : with(tableIn(table, first), key.subList(1, key.size()), value));
    return changed;
  }

  private static Map<String, Object> tableIn(Map<String, Object> table, String key) {
    Map<String, Object> found = new LinkedHashMap<>();
    if (table.get(key) instanceof Map<?, ?> inner) {
      inner.forEach((name, value) -> found.put(String.valueOf(name), value));
    }
    return found;
  }

  /**
   * As it stands in a file.
   *
   * @param quote what strings are put in, if it is one and the string allows it; else {@code "}
   */
  static String written(Object value, char quote) {
    return switch (value) {
      case String string when quote == '\'' && isLiteral(string) -> "'" + string + "'";
      case String string -> '"' + Toml.tomlEscape(string).toString() + '"';
      case List<?> list ->
          list.stream()
              .map(element -> written(String.valueOf(element), quote))
              .collect(Collectors.joining(", ", "[", "]"));
      default -> value.toString();
    };
  }

  private static boolean isLiteral(String string) {
    return string.chars().allMatch(c -> c >= ' ' && c != '\'' && c != 0x7f);
  }

  /** The name of a table or a key. */
  static String name(List<String> path, char quote) {
    return path.stream()
        .map(part -> part.matches("[A-Za-z0-9_-]+") ? part : written(part, quote))
        .collect(Collectors.joining("."));
  }
}
