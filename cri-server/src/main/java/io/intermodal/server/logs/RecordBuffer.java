package io.intermodal.server.logs;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import io.intermodal.runtime.node.LogSource.Channel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Log records on their way to the file: {@code <time> <stdout|stderr> <F|P> <content>\n}, up to 64
 * KiB of them. Memory is taken when needed and given back when the container is silent.
 */
final class RecordBuffer {
  /** The longest content of one record; the field's runtimes cut lines here. */
  static final int LONGEST_CONTENT = 16 * 1024;

  private static final HashFunction HASH = Hashing.murmur3_128();
  private static final int MOST = 64 * 1024;
  private static final int KEPT_WHEN_SILENT = 4 * 1024;

  /** Time, blank, channel, blank, tag, blank; and the line feed at the end. */
  private static final int AROUND_CONTENT = Timestamps.LENGTH + 1 + 6 + 1 + 1 + 1 + 1;

  private static final byte[] STDOUT = " stdout ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] STDERR = " stderr ".getBytes(StandardCharsets.US_ASCII);

  private byte[] bytes = new byte[0];
  private int written;
  private int last;
  private int end;

  /** Whether a record with that much content can be added before the buffer is written out. */
  boolean fits(int contentLength) {
    return end + AROUND_CONTENT + contentLength <= MOST;
  }

  boolean isEmpty() {
    return written == end;
  }

  /**
   * Adds one record.
   *
   * @param at where its content begins in {@code content}, whose position stays as it is
   */
  void add(String time, Channel channel, boolean partial, ByteBuffer content, int at, int length) {
    int size = AROUND_CONTENT - Timestamps.LENGTH + time.length() + length;
    ensure(size);
    last = end;
    int next = end;
    for (int i = 0; i < time.length(); i++) {
      bytes[next++] = (byte) time.charAt(i);
    }
    byte[] name = channel == Channel.STDOUT ? STDOUT : STDERR;
    System.arraycopy(name, 0, bytes, next, name.length);
    next += name.length;
    bytes[next++] = (byte) (partial ? 'P' : 'F');
    bytes[next++] = ' ';
    content.get(at, bytes, next, length);
    bytes[next + length] = '\n';
    end += size;
  }

  /** What tells the record added last from others; the same as {@link #hash} of its line. */
  long hashOfLast() {
    return hash(bytes, last, end - 1 - last);
  }

  long timeOfLast() {
    return Timestamps.parse(bytes, last, end - last);
  }

  void dropLast() {
    end = last;
  }

  /** Writes all that is held; after an error a further call goes on where the writing broke off. */
  void writeTo(LogFile file) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(bytes, written, end - written);
    try {
      while (rest.hasRemaining()) {
        file.write(rest);
      }
    } finally {
      written = rest.position();
    }
    clear();
  }

  void clear() {
    written = 0;
    last = 0;
    end = 0;
  }

  /** Gives back memory; for when nothing more comes soon. */
  void shrink() {
    if (bytes.length > KEPT_WHEN_SILENT && isEmpty()) {
      clear();
      bytes = new byte[0];
    }
  }

  static long hash(byte[] bytes, int offset, int length) {
    return HASH.hashBytes(bytes, offset, length).asLong();
  }

  private void ensure(int more) {
    if (end + more > bytes.length) {
      int wanted = Math.max(end + more, Math.max(KEPT_WHEN_SILENT, 2 * bytes.length));
      bytes = Arrays.copyOf(bytes, Math.max(end + more, Math.min(wanted, MOST)));
    }
  }
}
