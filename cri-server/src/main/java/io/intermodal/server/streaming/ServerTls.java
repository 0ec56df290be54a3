package io.intermodal.server.streaming;

import io.intermodal.server.streaming.StreamingSettings.TlsFiles;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's certificate, read anew when one of its files has changed. New files that do not fit
 * together are warned about, and the old certificate stays in use.
 */
final class ServerTls {
  private static final Logger log = LoggerFactory.getLogger(ServerTls.class);

  private final TlsFiles files;
  private List<String> seen;
  private SslContext context;

  private ServerTls(TlsFiles files, List<String> seen, SslContext context) {
    this.files = files;
    this.seen = seen;
    this.context = context;
  }

  /**
   * Reads the files.
   *
   * @throws IOException with one sentence when they cannot be used
   */
  static ServerTls read(TlsFiles files) throws IOException {
    List<String> seen = fingerprints(files);
    return new ServerTls(files, seen, contextOf(files));
  }

  /** What a new connection is to use. Looks at the files, which is quick, and rarely reads them. */
  synchronized SslContext current() {
    try {
      List<String> now = fingerprints(files);
      if (!now.equals(seen)) {
        seen = now;
        context = contextOf(files);
        log.info("the streaming server's certificate was read anew from {}", files.certificate());
      }
    } catch (IOException e) {
      log.warn("the streaming server keeps its old certificate: {}", e.getMessage());
    }
    return context;
  }

  private static SslContext contextOf(TlsFiles files) throws IOException {
    try {
      return SslContextBuilder.forServer(files.certificate().toFile(), files.key().toFile())
          .build();
    } catch (IllegalArgumentException | IOException e) {
      throw new IOException(
          "%s and %s cannot be used for TLS (%s): a certificate and its key in PKCS #8 are needed, in PEM and without a password"
              .formatted(files.certificate(), files.key(), deepest(e)),
          e);
    }
  }

  private static String deepest(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }

  private static List<String> fingerprints(TlsFiles files) throws IOException {
    return List.of(fingerprint(files.certificate()), fingerprint(files.key()));
  }

  private static String fingerprint(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return attributes.fileKey() + " " + attributes.lastModifiedTime() + " " + attributes.size();
  }
}
