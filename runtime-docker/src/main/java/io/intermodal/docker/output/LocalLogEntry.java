package io.intermodal.docker.output;

import io.intermodal.runtime.node.LogSource.Channel;
import java.net.ProtocolException;

/**
 * Reads one entry of Docker's {@code local} log format: a protobuf message with source (1), time in
 * nanoseconds (2), line without its end (3), partial (4) and, in a partial one, a message (5) whose
 * field 1 says that it is the last part of its line. Before and after the message stands its length
 * in four bytes, big-endian. Docker 20.10 to 28 write the same.
 */
final class LocalLogEntry {
  /** Longest message taken; Docker cuts lines at 16 KiB. */
  static final int LONGEST = 1024 * 1024;

  /** Source and time are always there. */
  static final int SHORTEST = 10;

  private byte[] bytes = new byte[0];
  private int at;
  private int end;

  long timeNanos;
  Channel channel = Channel.STDOUT;
  boolean partial;
  int lineOffset;
  int lineLength;

  static int length(byte[] bytes, int offset) {
    return (bytes[offset] & 0xff) << 24
        | (bytes[offset + 1] & 0xff) << 16
        | (bytes[offset + 2] & 0xff) << 8
        | (bytes[offset + 3] & 0xff);
  }

  /** Whether a message can begin here: its source is either of two words of six letters. */
  static boolean begins(byte[] bytes, int offset) {
    return bytes[offset] == ((1 << 3) | 2)
        && bytes[offset + 1] == 6
        && bytes[offset + 2] == 's'
        && bytes[offset + 3] == 't'
        && bytes[offset + 4] == 'd';
  }

  /** Takes the message apart; its line stays where it is, in the given bytes. */
  void read(byte[] from, int offset, int length) throws ProtocolException {
    bytes = from;
    at = offset;
    end = offset + length;
    timeNanos = 0;
    channel = Channel.STDOUT;
    partial = false;
    lineOffset = offset;
    lineLength = 0;
    boolean last = false;
    while (at < end) {
      int tag = (int) varint();
      switch (tag) {
        case 1 << 3 | 2 -> {
          int size = size();
          // "stdout" or "stderr".
          channel = size > 3 && bytes[at + 3] == 'e' ? Channel.STDERR : Channel.STDOUT;
          at += size;
        }
        case 2 << 3 -> timeNanos = varint();
        case 3 << 3 | 2 -> {
          lineLength = size();
          lineOffset = at;
          at += lineLength;
        }
        case 4 << 3 -> partial = varint() != 0;
        case 5 << 3 | 2 -> {
          int size = size();
          // Fields come in order: when the first is not "last", there is none.
          last = size >= 2 && bytes[at] == 1 << 3 && bytes[at + 1] != 0;
          at += size;
        }
        default -> skip(tag & 7);
      }
    }
    if (at != end || timeNanos == 0) {
      throw new ProtocolException("not an entry of a log file");
    }
    partial &= !last;
  }

  private void skip(int wireType) throws ProtocolException {
    switch (wireType) {
      case 0 -> varint();
      case 1 -> at += 8;
      case 2 -> {
        // The size is read before the position moves.
        int size = size();
        at += size;
      }
      case 5 -> at += 4;
      default -> throw new ProtocolException("not an entry of a log file");
    }
  }

  private int size() throws ProtocolException {
    long size = varint();
    if (size < 0 || size > end - at) {
      throw new ProtocolException("not an entry of a log file");
    }
    return (int) size;
  }

  private long varint() throws ProtocolException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at >= end) {
        break;
      }
      byte next = bytes[at++];
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new ProtocolException("not an entry of a log file");
  }
}
