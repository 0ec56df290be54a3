package io.intermodal.server.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.runtime.streaming.WantedStreams;
import io.intermodal.server.transport.Transport;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerTlsTest {
  @TempDir private Path folder;
  private final Transport transport = Transport.best();

  @AfterEach
  void stop() {
    transport.close();
  }

  @Test
  void sessions_are_served_over_tls_with_the_certificate_that_is_in_the_files_now()
      throws Exception {
    PemFiles first = PemFiles.writeTo(folder);
    try (HttpStreamingServer server = start(first)) {
      String url = url(server);
      assertThat(url).startsWith("https://127.0.0.1:");
      assertThat(answer(url, first.certificate())).startsWith("HTTP/1.1 400 ");

      PemFiles second = PemFiles.writeTo(folder);
      assertThat(answer(url(server), second.certificate())).startsWith("HTTP/1.1 400 ");
      assertThatThrownBy(() -> answer(url(server), first.certificate()))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void a_certificate_that_cannot_be_read_anew_stays_the_old_one() throws Exception {
    PemFiles good = PemFiles.writeTo(folder);
    try (HttpStreamingServer server = start(good)) {
      Files.writeString(good.files().certificate(), "half a certifi");

      assertThat(answer(url(server), good.certificate())).startsWith("HTTP/1.1 400 ");
    }
  }

  @Test
  void files_that_are_no_certificate_and_key_are_an_error_at_the_start() throws Exception {
    PemFiles files = PemFiles.writeTo(folder);
    Files.writeString(files.files().key(), "no key");

    assertThatThrownBy(() -> start(files))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(files.files().key().toString())
        .hasMessageContaining("PKCS #8");
  }

  @Test
  void plain_requests_to_a_server_with_tls_are_not_answered() throws Exception {
    PemFiles files = PemFiles.writeTo(folder);
    try (HttpStreamingServer server = start(files)) {
      URI uri = URI.create(url(server));
      try (var socket = new java.net.Socket(uri.getHost(), uri.getPort())) {
        socket.setSoTimeout(10_000);
        socket
            .getOutputStream()
            .write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

        assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
            .doesNotContain("HTTP");
      }
    }
  }

  private HttpStreamingServer start(PemFiles files) throws IOException {
    return HttpStreamingServer.start(
        new StreamingSettings(
            "127.0.0.1:0",
            Optional.of(files.files()),
            Duration.ofMinutes(1),
            Duration.ofSeconds(30)),
        transport);
  }

  private static String url(HttpStreamingServer server) {
    return server.exec(new WantedStreams(false, true, false, false), client -> 0);
  }

  /** What a client that trusts this certificate alone is answered to a request without upgrade. */
  private static String answer(String url, Certificate trusted)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry("server", trusted);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    URI uri = URI.create(url);
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(uri.getHost(), uri.getPort())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              "GET %s HTTP/1.1\r\n\r\n"
                  .formatted(uri.getPath())
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
