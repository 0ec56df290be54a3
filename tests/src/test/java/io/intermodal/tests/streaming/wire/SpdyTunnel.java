package io.intermodal.tests.streaming.wire;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** The bytes of SPDY in binary messages of a WebSocket, cut anywhere. */
public final class SpdyTunnel implements Wire {
  private final WebSocketConnection connection;
  private final InputStream in = new Messages();

  public SpdyTunnel(WebSocketConnection connection) {
    this.connection = connection;
  }

  @Override
  public InputStream in() {
    return in;
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    connection.send(WebSocketConnection.BINARY, bytes);
  }

  @Override
  public void vanish() {
    connection.vanish();
  }

  @Override
  public void close() {
    connection.close();
  }

  /** The content of all messages up to the server's farewell. */
  private final class Messages extends InputStream {
    private byte[] message = new byte[0];
    private int offset;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int start, int length) throws IOException {
      Objects.checkFromIndexSize(start, length, target.length);
      while (offset == message.length) {
        WebSocketConnection.Message next = connection.read();
        if (next.farewell()) {
          return -1;
        }
        if (next.kind() != WebSocketConnection.BINARY) {
          throw new IOException("a message of kind " + next.kind() + " in a tunnel");
        }
        message = next.body();
        offset = 0;
      }
      int count = Math.min(length, message.length - offset);
      System.arraycopy(message, offset, target, start, count);
      offset += count;
      return count;
    }
  }
}
