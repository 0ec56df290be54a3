package io.intermodal.docker.session;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ProtocolException;

/**
 * Takes what Docker sends of a process's output and hands it to the client, in the pieces in which
 * it came.
 *
 * <p>With a terminal that is the output itself. Without one it comes in frames, whose header of
 * eight bytes says whose they are and how long: {@code {0 stdin, 1 stdout, 2 stderr, 3 what Docker
 * has to say}, 0, 0, 0, length in four bytes}. The borders of reads and of frames have nothing to
 * do with each other.
 */
final class OutputFrames {
  /** Docker's largest frame with its header, so that mostly one read takes one frame. */
  static final int LONGEST = 8 + 32 * 1024;

  private static final int HEADER = 8;
  private static final int STDERR = 2;
  private static final int LAST_CHANNEL = 3;

  private final boolean framed;
  private final OutputStream stdout;
  private final OutputStream stderr;
  private final byte[] header = new byte[HEADER];
  private int headerBytes;
  private long left;

  /** The client does not take its output any more. */
  static final class ClientGoneException extends IOException {
    ClientGoneException(IOException cause) {
      super("the client takes no more output", cause);
    }
  }

  /**
   * The output of one process.
   *
   * @param framed whether there are frames: not with a terminal
   */
  OutputFrames(boolean framed, OutputStream stdout, OutputStream stderr) {
    this.framed = framed;
    this.stdout = stdout;
    this.stderr = stderr;
  }

  /**
   * Hands over what was read.
   *
   * @throws ClientGoneException when the client cannot be written to
   * @throws ProtocolException when this is not what Docker sends
   */
  void take(byte[] bytes, int count) throws IOException {
    if (!framed) {
      write(stdout, bytes, 0, count);
      return;
    }
    int at = 0;
    while (at < count) {
      if (left > 0) {
        int length = (int) Math.min(left, count - at);
        write(header[0] < STDERR ? stdout : stderr, bytes, at, length);
        at += length;
        left -= length;
      } else {
        header[headerBytes++] = bytes[at++];
        if (headerBytes == HEADER) {
          headerBytes = 0;
          begin();
        }
      }
    }
  }

  private void begin() throws ProtocolException {
    boolean known = header[0] >= 0 && header[0] <= LAST_CHANNEL;
    if (!known || header[1] != 0 || header[2] != 0 || header[3] != 0) {
      throw new ProtocolException("output of a process that does not come in Docker's frames");
    }
    left = 0;
    for (int i = 4; i < HEADER; i++) {
      left = left << 8 | (header[i] & 0xff);
    }
  }

  /**
   * Says that nothing follows.
   *
   * @throws EOFException when that is in the middle of a frame: output was lost
   */
  void end() throws EOFException {
    if (left > 0 || headerBytes > 0) {
      throw new EOFException("the output ended within a frame");
    }
  }

  private static void write(OutputStream to, byte[] bytes, int offset, int length)
      throws ClientGoneException {
    try {
      to.write(bytes, offset, length);
    } catch (IOException e) {
      throw new ClientGoneException(e);
    }
  }
}
