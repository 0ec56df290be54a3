package io.intermodal.docker.transport;

import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Status line and headers of a response.
 *
 * @param headers by name, whatever its case; values in the order of the response
 */
record ResponseHead(int status, boolean http10, Map<String, List<String>> headers) {

  /** Reads the bytes up to and without the empty line. */
  static ResponseHead parse(byte[] bytes, int length) throws ProtocolException {
    String text = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    String[] lines = text.split("\r?\n", -1);
    String first = lines[0];
    if (!first.startsWith("HTTP/1.") || first.length() < 12 || first.charAt(8) != ' ') {
      throw new ProtocolException("not an HTTP/1 response: " + printable(first));
    }
    int status;
    try {
      status = Integer.parseInt(first.substring(9, 12));
    } catch (NumberFormatException e) {
      throw new ProtocolException("no status in the response: " + printable(first));
    }
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (int i = 1; i < lines.length; i++) {
      if (lines[i].isEmpty()) {
        continue;
      }
      int colon = lines[i].indexOf(':');
      if (colon <= 0) {
        throw new ProtocolException("bad header in the response: " + printable(lines[i]));
      }
      headers
          .computeIfAbsent(lines[i].substring(0, colon).strip(), name -> new ArrayList<>())
          .add(lines[i].substring(colon + 1).strip());
    }
    return new ResponseHead(status, first.charAt(7) == '0', headers);
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name)).map(List::getFirst);
  }

  boolean chunked() {
    return headerHas("Transfer-Encoding", "chunked");
  }

  boolean keepAlive() {
    return !http10 && !headerHas("Connection", "close");
  }

  /**
   * The body's length, empty when it is not said.
   *
   * @throws ProtocolException when it is not a number
   */
  Optional<Long> contentLength() throws ProtocolException {
    Optional<String> value = header("Content-Length");
    if (value.isEmpty()) {
      return Optional.empty();
    }
    try {
      long length = Long.parseLong(value.get());
      if (length >= 0) {
        return Optional.of(length);
      }
    } catch (NumberFormatException e) {
      // Said below, as for a negative one.
    }
    throw new ProtocolException("bad Content-Length in the response: " + printable(value.get()));
  }

  private boolean headerHas(String name, String token) {
    for (String value : headers.getOrDefault(name, List.of())) {
      for (String part : value.split(",", -1)) {
        if (part.strip().toLowerCase(Locale.ROOT).equals(token)) {
          return true;
        }
      }
    }
    return false;
  }

  static String printable(String text) {
    String shown = text.length() > 80 ? text.substring(0, 80) + "…" : text;
    return shown.replaceAll("\\p{Cntrl}", "?");
  }
}
