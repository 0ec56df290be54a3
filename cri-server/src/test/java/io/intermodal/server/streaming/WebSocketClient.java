package io.intermodal.server.streaming;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The JDK's WebSocket as a client with channels. */
final class WebSocketClient implements AutoCloseable {
  private static final long SECONDS = 10;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<Integer, ByteArrayOutputStream> channels = new ConcurrentHashMap<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final WebSocket socket;

  private WebSocketClient(String url, String protocol) {
    socket =
        http.newWebSocketBuilder()
            .subprotocols(protocol)
            .buildAsync(URI.create(url.replaceFirst("^http", "ws")), new Receiver())
            .orTimeout(SECONDS, TimeUnit.SECONDS)
            .join();
  }

  static WebSocketClient connect(String url, String protocol) {
    return new WebSocketClient(url, protocol);
  }

  void send(int channel, byte[] bytes) {
    sending(channel, bytes).join();
  }

  /** Sends what the server may not read to its end. */
  void trySending(int channel, byte[] bytes) {
    var _ = sending(channel, bytes).exceptionally(_ -> socket).join();
  }

  private CompletableFuture<WebSocket> sending(int channel, byte[] bytes) {
    ByteBuffer message =
        ByteBuffer.allocate(bytes.length + 1).put((byte) channel).put(bytes).flip();
    return socket.sendBinary(message, true).orTimeout(SECONDS, TimeUnit.SECONDS);
  }

  /** Everything that came on a channel until the server said goodbye. */
  String received(int channel) {
    var _ = closeCode();
    ByteArrayOutputStream content = channels.get(channel);
    return content == null ? "" : content.toString(StandardCharsets.UTF_8);
  }

  /** The same of a channel whose number is a digit. */
  String receivedText(char channel) {
    return received(channel);
  }

  int closeCode() {
    return closed.orTimeout(SECONDS, TimeUnit.SECONDS).join();
  }

  /** Cuts the connection without goodbye. */
  void vanish() {
    socket.abort();
    http.shutdownNow();
  }

  @Override
  public void close() {
    vanish();
  }

  private final class Receiver implements WebSocket.Listener {
    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
      byte[] bytes = new byte[data.remaining()];
      data.get(bytes);
      keep(bytes);
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      keep(data.toString().getBytes(StandardCharsets.US_ASCII));
      from.request(1);
      return null;
    }

    /** The messages of these tests are small: each comes whole. */
    private void keep(byte[] message) {
      channels
          .computeIfAbsent((int) message[0], _ -> new ByteArrayOutputStream())
          .write(message, 1, message.length - 1);
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      closed.complete(code);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      closed.completeExceptionally(error);
    }
  }
}
