package io.intermodal.tests.streaming.wire;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A frame of SPDY/3.1. Its head has two words: for data the stream's number, then flags and length;
 * for control a set bit, the version 3 and the type, then flags and length.
 */
public final class SpdyFrame {
  public static final int DATA = 0;
  public static final int SYN_STREAM = 1;
  public static final int SYN_REPLY = 2;
  public static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int PING = 6;
  public static final int GOAWAY = 7;
  public static final int HEADERS = 8;
  public static final int WINDOW_UPDATE = 9;

  /** The sender's last frame of the stream. */
  public static final int FIN = 1;

  private static final int VERSION = 3;

  private final int type;
  private final int stream;
  private final int flags;
  private final byte[] body;

  /**
   * @param type of a control frame; {@link #DATA} is none
   * @param stream the number of the stream that data is of; 0 for control frames, where it is in
   *     the body
   * @param flags {@link #FIN}, or none
   */
  private SpdyFrame(int type, int stream, int flags, byte[] body) {
    this.type = type;
    this.stream = stream;
    this.flags = flags;
    this.body = body;
  }

  static SpdyFrame data(int stream, byte[] body) {
    return new SpdyFrame(DATA, stream, 0, body);
  }

  /** No more data of a stream. */
  static SpdyFrame end(int stream) {
    return new SpdyFrame(DATA, stream, FIN, new byte[0]);
  }

  /** A control frame whose body is numbers of four bytes. */
  static SpdyFrame control(int type, int... numbers) {
    ByteBuffer body = ByteBuffer.allocate(4 * numbers.length);
    for (int number : numbers) {
      body.putInt(number);
    }
    return new SpdyFrame(type, 0, 0, body.array());
  }

  /** A new stream with its compressed headers, of the highest priority and beside no other. */
  public static SpdyFrame newStream(int stream, byte[] headers) {
    byte[] body =
        ByteBuffer.allocate(10 + headers.length)
            .putInt(stream)
            .putInt(0)
            .putShort((short) 0)
            .put(headers)
            .array();
    return new SpdyFrame(SYN_STREAM, 0, 0, body);
  }

  /** The bytes on the wire. */
  public byte[] encoded() {
    int first = type == DATA ? stream : 0x8000_0000 | VERSION << 16 | type;
    return ByteBuffer.allocate(8 + body.length)
        .putInt(first)
        .putInt(flags << 24 | body.length)
        .put(body)
        .array();
  }

  /** Reads one; empty at the connection's end between two frames. */
  static Optional<SpdyFrame> read(DataInputStream in) throws IOException {
    int start = in.read();
    if (start < 0) {
      return Optional.empty();
    }
    try {
      int first = start << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int second = in.readInt();
      byte[] body = new byte[second & 0xff_ffff];
      in.readFully(body);
      int flags = second >>> 24;
      if (first >= 0) {
        return Optional.of(new SpdyFrame(DATA, first, flags, body));
      }
      int version = first >>> 16 & 0x7fff;
      if (version != VERSION) {
        throw new IOException("a frame of SPDY version " + version);
      }
      return Optional.of(new SpdyFrame(first & 0xffff, 0, flags, body));
    } catch (EOFException e) {
      throw new IOException("the connection ended within a frame", e);
    }
  }

  int type() {
    return type;
  }

  int stream() {
    return stream;
  }

  byte[] body() {
    return body;
  }

  /** The number at a position of the body. */
  int number(int position) {
    return ByteBuffer.wrap(body).getInt(position);
  }

  boolean last() {
    return (flags & FIN) != 0;
  }

  @Override
  public String toString() {
    return "frame of type %d, stream %d, flags %d, %d bytes"
        .formatted(type, stream, flags, body.length);
  }
}
