package io.intermodal.runtime.setup;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How images of one registry are got. Credentials are none of it: a kubelet sends them with each
 * pull, to every engine alike.
 *
 * @param host as image names say it, with the port if there is one: {@code docker.io}, {@code
 *     registry.example.com:5000}
 * @param mirrors asked first, in order; the registry itself is asked last. {@code http} or {@code
 *     https}, with an optional path
 * @param insecure whether plain HTTP and certificates that nobody vouches for are accepted from it
 * @param authority a file in PEM with the certificate authorities that vouch for it; absolute
 */
public record Registry(String host, List<URI> mirrors, boolean insecure, Optional<Path> authority) {
  public Registry {
    mirrors = List.copyOf(mirrors);
  }
}
