package io.intermodal.server.logs;

import io.intermodal.runtime.node.LogSource.Channel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** Reads the records of a log file, in 64 KiB of memory whatever the file's size. */
final class RecordScanner {
  private static final int BLOCK = 64 * 1024;

  private RecordScanner() {}

  /** What is told of each record; its line, without the line feed, is valid during the call. */
  interface Sink {
    void record(long time, Channel channel, boolean partial, byte[] bytes, int offset, int length);
  }

  /**
   * Reads the records from an offset on, or from the file's beginning when the file is shorter than
   * that. Lines that are no records, or longer than any of ours, are passed over.
   *
   * @return the offset after the last whole line
   */
  static long scan(Path file, long from, Sink sink) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      long offset = from <= channel.size() ? from : 0;
      long whole = offset;
      byte[] block = new byte[BLOCK];
      int held = 0;
      boolean tooLong = false;
      while (true) {
        int read = channel.read(ByteBuffer.wrap(block, held, BLOCK - held), offset);
        if (read < 0) {
          return whole;
        }
        offset += read;
        int end = held + read;
        int line = 0;
        for (int i = held; i < end; i++) {
          if (block[i] == '\n') {
            if (!tooLong) {
              record(block, line, i - line, sink);
            }
            tooLong = false;
            line = i + 1;
          }
        }
        if (line > 0) {
          whole = offset - end + line;
        }
        held = end - line;
        if (held == BLOCK) {
          tooLong = true;
          held = 0;
        } else {
          System.arraycopy(block, line, block, 0, held);
        }
      }
    }
  }

  private static void record(byte[] bytes, int offset, int length, Sink sink) {
    int at = offset + Timestamps.LENGTH;
    if (length < Timestamps.LENGTH + 10
        || bytes[at] != ' '
        || bytes[at + 1] != 's'
        || bytes[at + 2] != 't'
        || bytes[at + 3] != 'd'
        || bytes[at + 7] != ' '
        || (bytes[at + 8] != 'F' && bytes[at + 8] != 'P')
        || bytes[at + 9] != ' ') {
      return;
    }
    long time = Timestamps.parse(bytes, offset, length);
    if (time != Timestamps.NEVER) {
      Channel channel = bytes[at + 4] == 'o' ? Channel.STDOUT : Channel.STDERR;
      sink.record(time, channel, bytes[at + 8] == 'P', bytes, offset, length);
    }
  }
}
