package io.intermodal.server.network.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The network namespace behind a path, at the time when a pod was connected.
 *
 * <p>A path like {@code /proc/4711/ns/net} leads to another namespace once the process id is used
 * again, in the worst case to the host's own: a DEL there would take away the host's eth0. So the
 * namespace is remembered by its inode, and a path that leads elsewhere counts as gone.
 *
 * @param path where the namespace was found
 * @param identity device and inode, {@code 4:4026532281}; empty when it was not written down (by
 *     another runtime)
 */
public record NetworkNamespace(String path, Optional<String> identity) {
  private static final Path OWN = Path.of("/proc/self/ns/net");

  public static NetworkNamespace at(String path) throws IOException {
    return new NetworkNamespace(path, Optional.of(identityOf(Path.of(path))));
  }

  /** Whether the path still leads to this namespace, and not to the one that we are in. */
  public boolean present() {
    if (path.isEmpty()) {
      return false;
    }
    try {
      String now = identityOf(Path.of(path));
      return identity.map(now::equals).orElse(true) && !now.equals(identityOf(OWN));
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether it is the namespace of this process: the host's. */
  public boolean isOwn() throws IOException {
    return identity.isPresent() && identity.get().equals(identityOf(OWN));
  }

  private static String identityOf(Path path) throws IOException {
    return Files.getAttribute(path, "unix:dev") + ":" + Files.getAttribute(path, "unix:ino");
  }
}
