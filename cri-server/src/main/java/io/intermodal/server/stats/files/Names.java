package io.intermodal.server.stats.files;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The names of lines that are looked for in files with a number for each line; 64 at most. */
public final class Names {
  private static final int MOST = 64;

  private final List<String> names;
  private final byte[][] encoded;

  private Names(List<String> names) {
    this.names = names;
    this.encoded =
        names.stream().map(name -> name.getBytes(StandardCharsets.US_ASCII)).toArray(byte[][]::new);
  }

  public static Names of(String... names) {
    if (names.length > MOST) {
      throw new IllegalArgumentException(names.length + " names, more than " + MOST);
    }
    return new Names(List.of(names));
  }

  int size() {
    return encoded.length;
  }

  int index(String name) {
    int index = names.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException(name + " was not looked for");
    }
    return index;
  }

  /** The index of the name that these bytes spell, or -1. */
  int find(byte[] bytes, int from, int to) {
    for (int i = 0; i < encoded.length; i++) {
      byte[] name = encoded[i];
      if (name.length == to - from && Arrays.equals(name, 0, name.length, bytes, from, to)) {
        return i;
      }
    }
    return -1;
  }
}
