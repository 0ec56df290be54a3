package io.intermodal.tests.engine;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Docker's Engine API as it is on the wire, HTTP/1.0 over its socket, so that what tests see went
 * through no library that the server under test uses.
 */
public record DockerApi(Path socket) {

  private record Answer(int code, String body) {}

  /** Whether a daemon answers. */
  public boolean answers() {
    try {
      return call("GET", "/_ping").code() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** The JSON at the path; the daemon's oldest supported version of the API is spoken. */
  public JsonElement get(String path) {
    return JsonParser.parseString(require("GET", path).body());
  }

  /** What Docker knows about a container. */
  public JsonObject inspect(String id) {
    return get("/containers/" + id + "/json").getAsJsonObject();
  }

  /** What Docker itself kept of a container's {@code stdout} or {@code stderr}, in its frames. */
  public String log(String id, String stream) {
    return require("GET", "/containers/%s/logs?%s=1".formatted(id, stream)).body();
  }

  /** Ids of all containers, the stopped ones too. */
  public List<String> containerIds() {
    List<String> ids = new ArrayList<>();
    get("/containers/json?all=1")
        .getAsJsonArray()
        .forEach(container -> ids.add(container.getAsJsonObject().get("Id").getAsString()));
    return ids;
  }

  /** Sends SIGKILL to a container, as {@code docker kill} does. */
  public void kill(String id) {
    var _ = require("POST", "/containers/" + id + "/kill");
  }

  /** Deletes; what is gone is fine. */
  public void delete(String path) {
    try {
      var _ = call("DELETE", path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Answer require(String method, String path) {
    try {
      Answer answer = call(method, path);
      if (answer.code() / 100 != 2) {
        throw new AssertionError(
            "%s %s: %d %s".formatted(method, path, answer.code(), answer.body()));
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Answer call(String method, String path) throws IOException {
    String request =
        "%s %s HTTP/1.0\r\nHost: docker\r\nContent-Length: 0\r\n\r\n".formatted(method, path);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      ByteBuffer buffer = ByteBuffer.allocate(65_536);
      while (channel.read(buffer) >= 0) {
        bytes.write(buffer.array(), 0, buffer.position());
        buffer.clear();
      }
    }
    String answer = bytes.toString(StandardCharsets.UTF_8);
    int head = answer.indexOf("\r\n\r\n");
    if (head < 0) {
      throw new IOException("no HTTP answer: " + answer);
    }
    return new Answer(Integer.parseInt(answer.substring(9, 12)), answer.substring(head + 4));
  }
}
