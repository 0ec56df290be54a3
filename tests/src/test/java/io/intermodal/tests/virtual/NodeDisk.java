package io.intermodal.tests.virtual;

import io.intermodal.tests.host.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a virtual node boots from, as {@code src/test/node/build.sh} makes it. It is kept in the
 * user's cache and made anew when the recipe changes; a node never writes to it.
 *
 * @param folder where the files are
 */
record NodeDisk(Path folder) {
  private static final Path RECIPE = Path.of("src/test/node/build.sh");
  private static final Duration BUILD = Duration.ofMinutes(20);
  private static final Duration UNUSED = Duration.ofDays(14);

  /**
   * The one of this recipe and of the Debian release of {@code -Dintermodal.tests.node.suite}, from
   * the cache or made now, which takes some minutes.
   */
  static NodeDisk prepare() {
    String suite = System.getProperty("intermodal.tests.node.suite", "trixie");
    try {
      Path folder = cache().resolve(suite + "-" + digest(Files.readAllBytes(RECIPE)));
      if (!Files.isDirectory(folder)) {
        build(suite, folder);
      }
      Files.setLastModifiedTime(folder, FileTime.from(Instant.now()));
      removeUnused();
      return new NodeDisk(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path cache() {
    return Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
        .filter(path -> !path.isEmpty())
        .map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
        .resolve("intermodal")
        .resolve("node");
  }

  private static void build(String suite, Path folder) throws IOException {
    System.out.println("making the disk of a virtual node in " + folder);
    Path making =
        Files.createDirectories(folder.getParent())
            .resolve("making-%d-%s".formatted(ProcessHandle.current().pid(), suite));
    try {
      Command.Outcome outcome =
          Command.run(List.of(RECIPE.toAbsolutePath().toString(), suite, making.toString()), BUILD);
      if (outcome.exitCode() != 0) {
        throw new IllegalStateException(
            "%s %s: exit code %d: %s"
                .formatted(RECIPE, suite, outcome.exitCode(), outcome.output()));
      }
      Files.move(making, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      // Another run may have made it meanwhile.
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    } finally {
      remove(making);
    }
  }

  private static void removeUnused() throws IOException {
    Instant limit = Instant.now().minus(UNUSED);
    List<Path> all;
    try (Stream<Path> folders = Files.list(cache())) {
      all = folders.toList();
    }
    for (Path folder : all) {
      if (Files.getLastModifiedTime(folder).toInstant().isBefore(limit)) {
        remove(folder);
      }
    }
  }

  private static void remove(Path folder) {
    var _ = Command.run(List.of("rm", "-rf", "--one-file-system", folder.toString()));
  }

  private static String digest(byte[] recipe) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(recipe);
      return HexFormat.of().formatHex(hash).substring(0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The root file system. */
  Path disk() {
    return folder.resolve("disk");
  }

  Path kernel() {
    return folder.resolve("kernel");
  }

  /** What the kernel needs before it has the disk. */
  Path initrd() {
    return folder.resolve("initrd");
  }

  /** The private key with which root is reached. */
  Path key() {
    return folder.resolve("key");
  }

  /** The node's own public key, under the name {@code node}. */
  Path knownHosts() {
    return folder.resolve("known_hosts");
  }
}
