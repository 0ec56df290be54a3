package io.intermodal.tests.streaming.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A request of HTTP/1.1 on a connection of its own.
 *
 * @param headers lines without their end
 */
public record HttpRequest(String method, URI url, List<String> headers) {
  private static final int ANSWER_MILLIS = 30_000;
  private static final int LINE_BYTES = 64 << 10;

  /**
   * The head of an answer, and the connection behind it.
   *
   * @param headers by name, of which case does not matter; of several with one name the first
   */
  public record Answer(int status, Map<String, String> headers, SocketWire wire) {
    private static final int UPGRADED = 101;
    private static final int BODY_BYTES = 4096;

    /**
     * The answer of a server that goes on with another protocol.
     *
     * @throws UpgradeRefused when it does not; the connection is closed then
     */
    public Answer upgraded() throws IOException {
      if (status != UPGRADED) {
        try (wire) {
          int length = Integer.parseInt(headers.getOrDefault("Content-Length", "0"));
          byte[] body = wire.in().readNBytes(Math.min(length, BODY_BYTES));
          throw new UpgradeRefused(status, new String(body, StandardCharsets.UTF_8).strip());
        }
      }
      return this;
    }
  }

  public static HttpRequest to(String method, String url) {
    return new HttpRequest(method, URI.create(url), List.of());
  }

  /** The same request with one more header. */
  public HttpRequest with(String name, String value) {
    List<String> more = new ArrayList<>(headers);
    more.add(name + ": " + value);
    return new HttpRequest(method, url, List.copyOf(more));
  }

  /** Sends it and reads the head of the answer. */
  public Answer send() throws IOException {
    SocketWire wire = SocketWire.to(url);
    try {
      wire.write(head().getBytes(StandardCharsets.ISO_8859_1));
      return answer(wire);
    } catch (IOException | RuntimeException e) {
      wire.close();
      throw e;
    }
  }

  /** What is sent. */
  public String head() {
    StringBuilder text = new StringBuilder();
    text.append(method).append(' ').append(url.getRawPath());
    if (url.getRawQuery() != null) {
      text.append('?').append(url.getRawQuery());
    }
    text.append(" HTTP/1.1\r\nHost: ").append(url.getRawAuthority()).append("\r\n");
    headers.forEach(line -> text.append(line).append("\r\n"));
    return text.append("\r\n").toString();
  }

  /** Reads the head of an answer to what was written by hand. */
  public static Answer answer(SocketWire wire) throws IOException {
    wire.readLimit(ANSWER_MILLIS);
    String first = line(wire.in());
    String[] words = first.split(" ", 3);
    if (!words[0].startsWith("HTTP/1.") || words.length < 2) {
      throw new IOException("not an answer of HTTP/1.1: " + first);
    }
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line = line(wire.in()); !line.isEmpty(); line = line(wire.in())) {
      int colon = line.indexOf(':');
      if (colon < 0) {
        throw new IOException("not a header: " + line);
      }
      headers.putIfAbsent(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    wire.readLimit(0);
    return new Answer(Integer.parseInt(words[1]), headers, wire);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the connection ended instead of an answer; read: " + line);
      }
      if (line.length() == LINE_BYTES) {
        throw new IOException("a line without an end");
      }
      line.append((char) b);
    }
    return line.toString().stripTrailing();
  }
}
