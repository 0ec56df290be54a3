package io.intermodal.server.streaming;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How sessions are served.
 *
 * @param address {@code host:port}; port 0 takes a free one
 * @param tls with which certificate; empty for plain HTTP
 * @param idle how long a connection may be silent
 * @param creation how long a client may take to say what it wants
 */
public record StreamingSettings(
    String address, Optional<TlsFiles> tls, Duration idle, Duration creation) {

  /**
   * Files in PEM.
   *
   * @param certificate the chain, the server's own first
   * @param key its private key, as PKCS #8 and without a password
   */
  public record TlsFiles(Path certificate, Path key) {}
}
