package io.intermodal.server.stats.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;

/**
 * The text of one small file, and a place in it. Meant to be used for many files one after the
 * other; not safe for use by many threads.
 */
public final class FileText {
  private static final int FIRST_CAPACITY = 8 << 10;
  private static final int CAPACITY_LIMIT = 4 << 20;

  private byte[] bytes = new byte[FIRST_CAPACITY];
  private int length;
  private int position;

  /**
   * Reads a whole file.
   *
   * @throws IOException when it is not there or cannot be read, or is larger than 4 MiB
   */
  public FileText read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      start();
      int read = channel.read(ByteBuffer.wrap(bytes));
      while (read > 0) {
        length += read;
        if (length == bytes.length) {
          grow(file);
        }
        read = channel.read(ByteBuffer.wrap(bytes, length, bytes.length - length));
      }
    }
    return this;
  }

  /**
   * Reads a file that is open already, from its start, with a single call to the kernel: only for
   * files of a few KiB, which the kernel hands out in one piece.
   */
  FileText read(FileChannel channel) throws IOException {
    start();
    length = Math.max(0, channel.read(ByteBuffer.wrap(bytes), 0));
    return this;
  }

  private void start() {
    length = 0;
    position = 0;
  }

  private void grow(Path file) throws IOException {
    if (bytes.length >= CAPACITY_LIMIT) {
      throw new IOException(file + " is larger than " + CAPACITY_LIMIT + " bytes");
    }
    byte[] larger = new byte[bytes.length * 2];
    System.arraycopy(bytes, 0, larger, 0, length);
    bytes = larger;
  }

  /** Whether all has been passed. */
  public boolean atEnd() {
    return position >= length;
  }

  /** The byte at the place, 0 at the end. */
  public byte peek() {
    return position < length ? bytes[position] : 0;
  }

  /** Goes to the start of the next line. */
  public void nextLine() {
    while (position < length && bytes[position] != '\n') {
      position++;
    }
    position++;
  }

  /** Passes a word if it is next, and blanks after it. */
  public boolean passes(byte[] word) {
    if (length - position < word.length) {
      return false;
    }
    for (int i = 0; i < word.length; i++) {
      if (bytes[position + i] != word[i]) {
        return false;
      }
    }
    position += word.length;
    passBlanks();
    return true;
  }

  /** Passes blanks, but no end of a line. */
  public void passBlanks() {
    while (position < length && (bytes[position] == ' ' || bytes[position] == '\t')) {
      position++;
    }
  }

  /** Passes what is next up to a blank, the end of the line or the given byte, and gives it. */
  public String word(char end) {
    int from = position;
    while (position < length && bytes[position] > ' ' && bytes[position] != end) {
      position++;
    }
    return new String(bytes, from, position - from, StandardCharsets.UTF_8);
  }

  /** Passes all up to the byte and the byte itself, but no end of a line. */
  public void passTo(char end) {
    while (position < length && bytes[position] != end && bytes[position] != '\n') {
      position++;
    }
    if (position < length && bytes[position] == end) {
      position++;
    }
  }

  /** The number after the next such byte of the line. */
  public OptionalLong numberAfter(char end) {
    passTo(end);
    return number();
  }

  /**
   * Passes a decimal number, and blanks after it.
   *
   * @return empty, and nothing passed, when none is next, as in {@code max}. A number too large for
   *     64 bits with a sign is the largest one
   */
  public OptionalLong number() {
    int at = position;
    boolean negative = at < length && bytes[at] == '-';
    if (negative) {
      at++;
    }
    int first = at;
    long value = 0;
    while (at < length && bytes[at] >= '0' && bytes[at] <= '9') {
      int digit = bytes[at++] - '0';
      value = value > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : value * 10 + digit;
    }
    if (at == first) {
      return OptionalLong.empty();
    }
    position = at;
    passBlanks();
    return OptionalLong.of(negative ? -value : value);
  }

  /** Passes a number with two digits after the point, as {@code 12.34}; 0 when none is next. */
  public double decimal() {
    long whole = number().orElse(0);
    if (peek() != '.') {
      return whole;
    }
    position++;
    int from = position;
    long part = number().orElse(0);
    int digits = 0;
    while (from + digits < length && bytes[from + digits] >= '0' && bytes[from + digits] <= '9') {
      digits++;
    }
    return whole + part / Math.pow(10, digits);
  }

  /** The numbers of a file of lines as {@code name 123}, from its start. */
  public Numbers numbers(Names names) {
    long[] values = new long[names.size()];
    long found = 0;
    position = 0;
    while (position < length) {
      int from = position;
      while (position < length && bytes[position] > ' ') {
        position++;
      }
      int name = names.find(bytes, from, position);
      if (name >= 0) {
        passBlanks();
        OptionalLong value = number();
        if (value.isPresent()) {
          values[name] = value.getAsLong();
          found |= 1L << name;
        }
      }
      nextLine();
    }
    return new Numbers(names, values, found);
  }

  /** What was found; a name whose line is missing has no number. */
  public static final class Numbers {
    private final Names names;
    private final long[] values;
    private final long found;

    private Numbers(Names names, long[] values, long found) {
      this.names = names;
      this.values = values;
      this.found = found;
    }

    /** The number of one of the names that were looked for. */
    public OptionalLong get(String name) {
      int index = names.index(name);
      return (found & 1L << index) == 0 ? OptionalLong.empty() : OptionalLong.of(values[index]);
    }
  }
}
