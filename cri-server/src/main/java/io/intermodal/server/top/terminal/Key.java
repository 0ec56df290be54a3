package io.intermodal.server.top.terminal;

import java.util.ArrayList;
import java.util.List;

/** What was pressed: a letter, or a key that moves. */
public sealed interface Key {
  /** A character. */
  record Letter(char letter) implements Key {}

  /** A key that scrolls. */
  enum Move implements Key {
    UP,
    DOWN,
    PAGE_UP,
    PAGE_DOWN,
    HOME,
    END
  }

  /**
   * The keys in what a terminal sent at once. A key that moves is several bytes, which come
   * together: {@code ESC [ A}, {@code ESC O A} or {@code ESC [ 5 ~}. Sequences that mean nothing
   * here are left out as a whole.
   */
  static List<Key> in(byte[] bytes, int length) {
    List<Key> keys = new ArrayList<>();
    int at = 0;
    while (at < length) {
      if (bytes[at] != 0x1b) {
        keys.add(new Letter((char) (bytes[at] & 0xff)));
        at++;
        continue;
      }
      boolean sequence = at + 1 < length && (bytes[at + 1] == '[' || bytes[at + 1] == 'O');
      int start = sequence ? at + 2 : at + 1;
      int end = start;
      while (sequence && end < length && bytes[end] < 0x40) {
        end++;
      }
      if (sequence && end < length) {
        keys.addAll(move((char) bytes[end], end == start + 1 ? (char) bytes[start] : ' '));
        end++;
      }
      at = end;
    }
    return keys;
  }

  private static List<Key> move(char last, char first) {
    return switch (last) {
      case 'A' -> List.of(Move.UP);
      case 'B' -> List.of(Move.DOWN);
      case 'H' -> List.of(Move.HOME);
      case 'F' -> List.of(Move.END);
      case '~' ->
          switch (first) {
            case '1', '7' -> List.of(Move.HOME);
            case '4', '8' -> List.of(Move.END);
            case '5' -> List.of(Move.PAGE_UP);
            case '6' -> List.of(Move.PAGE_DOWN);
            default -> List.of();
          };
      default -> List.of();
    };
  }
}
