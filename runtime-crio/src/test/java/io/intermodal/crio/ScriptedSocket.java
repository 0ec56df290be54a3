package io.intermodal.crio;

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

/** A Unix socket where every connection is played by one script, after its request was heard. */
final class ScriptedSocket implements AutoCloseable {
  private final ServerSocketChannel server;
  private final Script script;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<SocketChannel> open = new CopyOnWriteArrayList<>();

  /** What happens when the request has come. */
  interface Script {
    void answer(OutputStream out) throws IOException;
  }

  ScriptedSocket(Path socket, Script script) throws IOException {
    this.script = script;
    this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    Thread.ofVirtual().start(this::accept);
  }

  /** A script that says this, in two pieces, and hangs up. */
  static Script saying(String head, String body) {
    return out -> {
      out.write(head.getBytes(StandardCharsets.UTF_8));
      out.flush();
      out.write(body.getBytes(StandardCharsets.UTF_8));
    };
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel channel = server.accept();
        open.add(channel);
        Thread.ofVirtual().start(() -> play(channel));
      }
    } catch (ClosedChannelException e) {
      return;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void play(SocketChannel channel) {
    try (channel) {
      requests.add(hear(Channels.newInputStream(channel)));
      script.answer(Channels.newOutputStream(channel));
    } catch (IOException e) {
      requests.add("the connection ended: " + e);
    }
  }

  private static String hear(InputStream in) throws IOException {
    StringBuilder heard = new StringBuilder();
    while (!heard.toString().endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        break;
      }
      heard.append((char) next);
    }
    return heard.toString();
  }

  List<String> requests() {
    return requests;
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (SocketChannel channel : open) {
      channel.close();
    }
  }
}
