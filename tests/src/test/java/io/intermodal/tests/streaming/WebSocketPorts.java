package io.intermodal.tests.streaming;

import io.intermodal.tests.streaming.wire.Inbox;
import io.intermodal.tests.streaming.wire.WebSocketConnection;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Ports over channels of a WebSocket: of the n-th port channel 2n carries data and 2n + 1 errors.
 * The first message of each is the port's number in two bytes, the lower one first.
 */
final class WebSocketPorts implements PortSession {
  private static final int PIECE = 32 << 10;

  private final WebSocketConnection connection;
  private final List<Integer> ports;
  private final List<Inbox> inboxes = new ArrayList<>();
  private boolean closed;

  private WebSocketPorts(WebSocketConnection connection, List<Integer> ports) {
    this.connection = connection;
    this.ports = List.copyOf(ports);
    for (int port : ports) {
      inboxes.add(new Inbox("data of port " + port));
      inboxes.add(new Inbox("errors of port " + port));
    }
  }

  static WebSocketPorts open(String url, List<Integer> ports) throws IOException {
    WebSocketConnection connection = WebSocketConnection.open(url, "v4.channel.k8s.io");
    WebSocketPorts session = new WebSocketPorts(connection, ports);
    Thread.ofVirtual().name("websocket reader").start(session::read);
    return session;
  }

  private void read() {
    Set<Integer> greeted = new HashSet<>();
    try {
      while (true) {
        WebSocketConnection.Message message = connection.read();
        if (message.farewell()) {
          inboxes.forEach(Inbox::end);
          return;
        }
        byte[] body = message.body();
        int channel = body.length == 0 ? -1 : body[0] & 0xff;
        if (channel < 0 || channel >= inboxes.size()) {
          throw new IOException("a message of channel " + channel);
        }
        byte[] content = Arrays.copyOfRange(body, 1, body.length);
        if (greeted.add(channel)) {
          int port = ports.get(channel / 2);
          if (!Arrays.equals(content, new byte[] {(byte) port, (byte) (port >> 8)})) {
            throw new IOException(
                "channel %d begins with %s, not with port %d"
                    .formatted(channel, Arrays.toString(content), port));
          }
        } else {
          inboxes.get(channel).put(content);
        }
      }
    } catch (IOException e) {
      inboxes.forEach(inbox -> inbox.fail(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public Connection connect(int port) {
    return new Channels(2 * ports.indexOf(port));
  }

  @Override
  public void vanish() {
    closed = true;
    connection.vanish();
    inboxes.forEach(Inbox::close);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      connection.close();
    }
    inboxes.forEach(Inbox::close);
  }

  private final class Channels implements Connection {
    private final int data;

    Channels(int data) {
      this.data = data;
    }

    @Override
    public InputStream in() {
      return inboxes.get(data);
    }

    @Override
    public OutputStream out() {
      return new OutputStream() {
        @Override
        public void write(int b) throws IOException {
          write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          int end = offset + length;
          for (int start = offset; start < end; start += PIECE) {
            int count = Math.min(end - start, PIECE);
            byte[] body = new byte[count + 1];
            body[0] = (byte) data;
            System.arraycopy(bytes, start, body, 1, count);
            connection.send(WebSocketConnection.BINARY, body);
          }
        }
      };
    }

    /** {@inheritDoc} This protocol tells it in one message and does not end the channel. */
    @Override
    public String error() throws IOException {
      byte[] message = new byte[4096];
      int count = inboxes.get(data + 1).read(message);
      return new String(message, 0, Math.max(0, count), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {}
  }
}
