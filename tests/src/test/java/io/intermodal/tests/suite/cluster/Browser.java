package io.intermodal.tests.suite.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Asks a web server by a name that no DNS knows.
 *
 * @param address where it is
 * @param trust whose certificates are believed
 */
record Browser(String address, SSLContext trust) {
  private static final int TIMEOUT_MILLIS = 5_000;

  /** The status and the body. */
  record Page(int status, String body) {}

  Page http(int port, String host, String path) throws IOException {
    try (Socket socket = connect(port)) {
      return ask(socket, host, path);
    }
  }

  /** Likewise over TLS; a certificate that is not the host's is a failure. */
  Page https(int port, String host, String path) throws IOException {
    try (Socket plain = connect(port);
        SSLSocket socket =
            (SSLSocket) trust.getSocketFactory().createSocket(plain, host, port, true)) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      return ask(socket, host, path);
    }
  }

  private Socket connect(int port) throws IOException {
    Socket socket = new Socket();
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.connect(new InetSocketAddress(InetAddress.ofLiteral(address), port), TIMEOUT_MILLIS);
    return socket;
  }

  private static Page ask(Socket socket, String host, String path) throws IOException {
    socket
        .getOutputStream()
        .write(
            "GET %s HTTP/1.0\r\nHost: %s\r\n\r\n"
                .formatted(path, host)
                .getBytes(StandardCharsets.US_ASCII));
    String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int body = answer.indexOf("\r\n\r\n");
    if (!answer.startsWith("HTTP/1.") || body < 0) {
      throw new IOException("no HTTP answer: " + answer);
    }
    return new Page(Integer.parseInt(answer.substring(9, 12)), answer.substring(body + 4));
  }
}
