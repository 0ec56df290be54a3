package io.intermodal.server.grpc;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import jnr.unixsocket.UnixSocketAddress;
import jnr.unixsocket.UnixSocketChannel;
import jnr.unixsocket.UnixSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a listening Unix socket.
 *
 * <p>It appears with mode 0660 and never has wider rights: the socket is bound in a folder that
 * only we can enter, given its mode and then renamed to its place. A socket that is already there
 * is replaced only if no one answers on it.
 */
final class SocketFile implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SocketFile.class);
  private static final int FILE_TYPE = 0170000;
  private static final int SOCKET = 0140000;

  private final Path path;
  private final String identity;

  private SocketFile(Path path, String identity) {
    this.path = path;
    this.identity = identity;
  }

  /** Binds a socket and listens on it. */
  @FunctionalInterface
  interface Binding {
    void bindTo(Path path) throws IOException;
  }

  /**
   * Makes a listening socket at the path. Missing folders are made with mode 0755.
   *
   * @throws IOException when someone else answers there, or something else is there
   */
  static SocketFile publish(Path path, Binding binding) throws IOException {
    Path folder = Objects.requireNonNull(path.getParent());
    makeFolder(folder);
    Path lockFile = folder.resolve(path.getFileName() + ".lock");
    try (FileChannel channel =
            FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = lock(channel, path)) {
      refuseIfTaken(path);
      Path workshop = folder.resolve("." + Long.toHexString(ProcessHandle.current().pid()));
      Path bound = workshop.resolve("s");
      removeWorkshop(workshop, bound);
      Files.createDirectory(
          workshop,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      try {
        binding.bindTo(bound);
        Files.setPosixFilePermissions(bound, PosixFilePermissions.fromString("rw-rw----"));
        String identity = identity(bound);
        Files.move(bound, path, StandardCopyOption.ATOMIC_MOVE);
        return new SocketFile(path, identity);
      } finally {
        removeWorkshop(workshop, bound);
      }
    }
  }

  /** Removes the file if it is still the one that we made. */
  @Override
  public void close() {
    try {
      if (identity(path).equals(identity)) {
        Files.delete(path);
      } else {
        log.warn("{} is another server's by now and stays", path);
      }
    } catch (NoSuchFileException e) {
      log.warn("{} was removed by someone else", path);
    } catch (IOException e) {
      log.warn("{} could not be removed: {}", path, e.toString());
    }
  }

  private static void makeFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private static FileLock lock(FileChannel channel, Path path) throws IOException {
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by this very process: the same answer as for another one.
      log.debug("{}.lock is held by this process", path);
    }
    if (lock == null) {
      throw new IOException("another server is starting on " + path);
    }
    return lock;
  }

  /**
   * Makes sure that nobody answers at the path.
   *
   * @throws IOException when someone does, or something else than a socket is there
   */
  static void refuseIfTaken(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    if ((mode & FILE_TYPE) != SOCKET) {
      throw new IOException(
          path + " exists and is not a socket: remove it, or set another --listen");
    }
    Optional<String> server = serverOn(path);
    if (server.isPresent()) {
      throw new IOException(
          "another server%s answers on %s: stop it, or set another --listen"
              .formatted(server.get(), path));
    }
  }

  /** What is known of the server that answers on a socket; empty when none does. */
  private static Optional<String> serverOn(Path path) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      // Not blocking: connecting to a server that is stuck would wait for ever.
      channel.configureBlocking(false);
      boolean connected = channel.connect(UnixDomainSocketAddress.of(path));
      return Optional.of(connected ? pid(path).map(" (pid %d)"::formatted).orElse("") : "");
    } catch (ConnectException e) {
      log.info("{} was left behind and is replaced: {}", path, e.getMessage());
      return Optional.empty();
    } catch (SocketException e) {
      // Its queue is full, or we may not connect: either way it is not ours to take.
      return Optional.of(" (" + e.getMessage() + ")");
    }
  }

  /** Who listens on a socket (SO_PEERCRED), if the kernel tells; 0 is a process we cannot see. */
  private static Optional<Integer> pid(Path path) {
    try (UnixSocketChannel channel = UnixSocketChannel.open(new UnixSocketAddress(path.toFile()))) {
      return Optional.of(channel.getOption(UnixSocketOptions.SO_PEERCRED).getPid())
          .filter(pid -> pid > 0);
    } catch (IOException e) {
      log.debug("no pid of the server on {}: {}", path, e.toString());
      return Optional.empty();
    }
  }

  private static String identity(Path path) throws IOException {
    return Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS)
        + "@"
        + Files.getAttribute(path, "unix:dev", LinkOption.NOFOLLOW_LINKS);
  }

  private static void removeWorkshop(Path workshop, Path bound) throws IOException {
    Files.deleteIfExists(bound);
    Files.deleteIfExists(workshop);
  }
}
