package io.intermodal.docker.transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A Unix socket server whose connections are played by scripts, the last one again and again. */
public final class ScriptedDaemon implements AutoCloseable {
  private final ServerSocketChannel server;
  private final List<Script> scripts;
  private final AtomicInteger connections = new AtomicInteger();
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final List<SocketChannel> open = new CopyOnWriteArrayList<>();

  /** What one connection does. */
  public interface Script {
    void play(Peer peer) throws IOException;
  }

  /** The daemon's end of one connection. */
  public final class Peer {
    private final SocketChannel channel;
    private final InputStream in;
    private final OutputStream out;

    Peer(SocketChannel channel) {
      this.channel = channel;
      this.in = Channels.newInputStream(channel);
      this.out = Channels.newOutputStream(channel);
    }

    /** Reads a request's line and headers; empty at the end of the connection. */
    public String request() throws IOException {
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
        int next = in.read();
        if (next < 0) {
          return "";
        }
        head.write(next);
      }
      String text = head.toString(StandardCharsets.ISO_8859_1);
      heads.add(text);
      return text;
    }

    public void say(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public void say(byte[] bytes) throws IOException {
      out.write(bytes);
    }

    public String hear(int length) throws IOException {
      return new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    public String hearAll() throws IOException {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    public void hangUp() throws IOException {
      channel.close();
    }
  }

  public ScriptedDaemon(Path socket, Script... scripts) throws IOException {
    this.scripts = List.of(scripts);
    this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    Thread.ofVirtual().start(this::accept);
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel channel = server.accept();
        open.add(channel);
        int index = connections.getAndIncrement();
        Script script = scripts.get(Math.min(index, scripts.size() - 1));
        Thread.ofVirtual().start(() -> play(script, channel));
      }
    } catch (ClosedChannelException e) {
      return;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void play(Script script, SocketChannel channel) {
    try (channel) {
      script.play(new Peer(channel));
    } catch (IOException e) {
      heads.add("script ended: " + e);
    }
  }

  /** How many connections were accepted so far. */
  public int connections() {
    return connections.get();
  }

  /** The requests so far, as they were on the wire. */
  public List<String> requests() {
    return heads;
  }

  /** A script that gives every request on its connection the same answer. */
  public static Script always(String answer) {
    return peer -> {
      while (!peer.request().isEmpty()) {
        peer.say(answer);
      }
    };
  }

  /** An answer with a body of known length. */
  public static String ok(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (SocketChannel channel : open) {
      channel.close();
    }
  }
}
