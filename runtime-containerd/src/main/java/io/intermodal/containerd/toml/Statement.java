package io.intermodal.containerd.toml;

import java.util.List;

/** A statement of a TOML file and where it is in the text. Offsets are counted from 0. */
sealed interface Statement {
  /**
   * The whole name, from the top. A table of an array has a part more, which no key can be named
   * by.
   */
  List<String> path();

  /** Of its first character. */
  int start();

  /** Behind its last character; a comment on the same line is not part of it. */
  int end();

  /**
   * {@code [a.b]} or {@code [[a.b]]}.
   *
   * @param quote the quotation mark in it, {@code "} if there is none
   */
  record Header(List<String> path, int start, int end, boolean ofArray, char quote)
      implements Statement {
    public Header {
      path = List.copyOf(path);
    }
  }

  /**
   * {@code key = value}.
   *
   * @param depth how many parts of the path come from the header above
   * @param value where the value begins
   */
  record Assignment(List<String> path, int start, int value, int end, int depth)
      implements Statement {
    public Assignment {
      path = List.copyOf(path);
    }
  }
}
