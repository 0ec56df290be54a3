package io.intermodal.containerd.toml;

import java.util.List;

/**
 * Takes one element out of an array, with its comma, and with its line if nothing else is there.
 *
 * @param before the text of the file
 * @param elements all of the array
 * @param index which of them
 */
record Removal(String before, List<Element> elements, int index) {
  String after() {
    Element element = elements.get(index);
    int start = element.start();
    int end = element.end();
    if (element.comma() >= 0) {
      if (before.substring(end, element.comma()).isBlank()) {
        end = element.comma() + 1;
      }
    } else if (index > 0) {
      // The last one: the comma before it goes too, unless a comment stands between. A comma
      // before the closing bracket is allowed.
      int comma = elements.get(index - 1).comma();
      if (before.substring(comma + 1, start).isBlank()) {
        start = comma;
      }
    }
    while (end < before.length() && isSpace(before.charAt(end))) {
      end++;
    }
    int line = before.lastIndexOf('\n', start - 1) + 1;
    boolean alone =
        before.substring(line, start).isBlank()
            && end < before.length()
            && (before.charAt(end) == '\n' || before.startsWith("\r\n", end));
    return alone
        ? before.substring(0, line) + before.substring(before.indexOf('\n', end) + 1)
        : before.substring(0, start) + before.substring(end);
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }
}
