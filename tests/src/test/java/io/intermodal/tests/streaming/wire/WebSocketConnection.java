package io.intermodal.tests.streaming.wire;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;

/** The client's side of a WebSocket of RFC 6455. One thread reads; any may send. */
public final class WebSocketConnection implements AutoCloseable {
  public static final int TEXT = 1;
  public static final int BINARY = 2;

  private static final int CONTINUATION = 0;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;
  private static final int LAST = 0x80;
  private static final int MASKED = 0x80;
  private static final int NORMAL = 1000;
  private static final int NO_CODE = 1005;

  /** No server of sessions sends longer messages than it has buffers. */
  private static final int LONGEST = 16 << 20;

  private final SocketWire wire;
  private final DataInputStream in;

  /** A message, or the server's farewell, whose body is a code in two bytes and a reason. */
  public static final class Message {
    private final int kind;
    private final byte[] body;

    private Message(int kind, byte[] body) {
      this.kind = kind;
      this.body = body;
    }

    /** {@link #TEXT} or {@link #BINARY}, or that of a farewell. */
    public int kind() {
      return kind;
    }

    public byte[] body() {
      return body;
    }

    /** The server says that it closes the connection. */
    public boolean farewell() {
      return kind == CLOSE;
    }

    /** Why it does: 1000 is the normal end. */
    public int code() {
      return body.length < 2 ? NO_CODE : ByteBuffer.wrap(body).getShort() & 0xffff;
    }
  }

  private WebSocketConnection(SocketWire wire) {
    this.wire = wire;
    this.in = new DataInputStream(wire.in());
  }

  /**
   * Asks for one subprotocol.
   *
   * @throws UpgradeRefused when the server answers in HTTP
   * @throws IOException also when it chose no or another subprotocol
   */
  public static WebSocketConnection open(String url, String protocol) throws IOException {
    byte[] key = new byte[16];
    ThreadLocalRandom.current().nextBytes(key);
    HttpRequest.Answer answer =
        HttpRequest.to("GET", url)
            .with("Connection", "Upgrade")
            .with("Upgrade", "websocket")
            .with("Sec-WebSocket-Version", "13")
            .with("Sec-WebSocket-Key", Base64.getEncoder().encodeToString(key))
            .with("Sec-WebSocket-Protocol", protocol)
            .send()
            .upgraded();
    String chosen = answer.headers().getOrDefault("Sec-WebSocket-Protocol", "");
    if (!chosen.equals(protocol)) {
      answer.wire().close();
      throw new IOException("asked for " + protocol + " and got " + answer.headers());
    }
    return new WebSocketConnection(answer.wire());
  }

  /** The bytes below, for those who want to break the rules. */
  public Wire wire() {
    return wire;
  }

  /** Sends a message in one frame. */
  public void send(int kind, byte[] body) throws IOException {
    byte[] frame = new byte[body.length + 14];
    ByteBuffer buffer = ByteBuffer.wrap(frame);
    buffer.put(header(kind, body.length));
    int mask = ThreadLocalRandom.current().nextInt();
    buffer.putInt(mask);
    int start = buffer.position();
    byte[] key = ByteBuffer.allocate(4).putInt(mask).array();
    for (int i = 0; i < body.length; i++) {
      frame[start + i] = (byte) (body[i] ^ key[i & 3]);
    }
    wire.write(Arrays.copyOf(frame, start + body.length));
  }

  /** The start of a frame that says how long it is; the mask and the body follow. */
  public static byte[] header(int kind, long length) {
    ByteBuffer header = ByteBuffer.allocate(10);
    header.put((byte) (LAST | kind));
    if (length < 126) {
      header.put((byte) (MASKED | length));
    } else if (length <= 0xffff) {
      header.put((byte) (MASKED | 126)).putShort((short) length);
    } else {
      header.put((byte) (MASKED | 127)).putLong(length);
    }
    return Arrays.copyOf(header.array(), header.position());
  }

  /** The next message. Pings are answered meanwhile, and the server's farewell as well. */
  public Message read() throws IOException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    int kind = CONTINUATION;
    while (true) {
      int first = in.readUnsignedByte();
      byte[] body = new byte[length(in.readUnsignedByte())];
      in.readFully(body);
      int opcode = first & 0xf;
      switch (opcode) {
        case PING -> send(PONG, body);
        case PONG -> {}
        case CLOSE -> {
          farewell(body);
          return new Message(CLOSE, body);
        }
        default -> {
          if ((opcode == CONTINUATION) == (kind == CONTINUATION)) {
            throw new IOException("a frame of kind " + opcode + " where it cannot be");
          }
          kind = opcode == CONTINUATION ? kind : opcode;
          if ((first & LAST) != 0 && whole.size() == 0) {
            return new Message(kind, body);
          }
          whole.write(body);
          if ((first & LAST) != 0) {
            return new Message(kind, whole.toByteArray());
          }
        }
      }
    }
  }

  private int length(int second) throws IOException {
    if ((second & MASKED) != 0) {
      throw new IOException("a masked frame from a server");
    }
    long length =
        switch (second) {
          case 126 -> in.readUnsignedShort();
          case 127 -> in.readLong();
          default -> second;
        };
    if (length < 0 || length > LONGEST) {
      throw new IOException("a frame of " + length + " bytes");
    }
    return (int) length;
  }

  private void farewell(byte[] body) {
    try {
      send(CLOSE, body.length < 2 ? new byte[0] : new byte[] {body[0], body[1]});
    } catch (IOException e) {
      // The server did not wait for it.
    }
  }

  public void vanish() {
    wire.vanish();
  }

  /** Says that this was all, and closes the connection. */
  @Override
  public void close() {
    farewell(new byte[] {NORMAL >> 8, (byte) (NORMAL & 0xff)});
    wire.close();
  }
}
