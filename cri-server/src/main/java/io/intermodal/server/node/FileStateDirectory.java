package io.intermodal.server.node;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import io.intermodal.runtime.node.StateDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A state directory on disk: files of mode 0600 in folders of mode 0700.
 *
 * <p>A write goes to {@code .<name>.unfinished}, is fsynced, renamed over the file, and the folder
 * is fsynced, so that the new content is there after a power cut once {@link #write} has returned.
 * What a crash leaves unfinished is overwritten by the next write of that name.
 *
 * <p>Names are single path elements that do not begin with a dot, at most {@value #LONGEST_NAME}
 * bytes long; anything else is an {@link IllegalArgumentException}, so that a name from outside
 * never leads out of the folder. All calls may come from several threads.
 */
public final class FileStateDirectory implements StateDirectory {
  private static final int LONGEST_NAME = 200;
  private static final String UNFINISHED = ".unfinished";

  private final Path folder;
  private final Locks locks;

  /**
   * @param folder the folder; made, with those above it, when first written to
   */
  public FileStateDirectory(Path folder) {
    this(folder.toAbsolutePath().normalize(), Locks.create());
  }

  private FileStateDirectory(Path folder, Locks locks) {
    this.folder = folder;
    this.locks = locks;
  }

  @Override
  public StateDirectory within(String name) {
    return new FileStateDirectory(resolve(name), locks);
  }

  @Override
  public void write(String name, byte[] content) throws IOException {
    Path file = resolve(name);
    Path unfinished = folder.resolve("." + name + UNFINISHED);
    Lock lock = locks.of(file);
    lock.lock();
    try {
      makeFolder(folder);
      try (FileChannel channel =
          FileChannel.open(
              unfinished,
              Set.of(CREATE, WRITE, TRUNCATE_EXISTING, LinkOption.NOFOLLOW_LINKS),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        ByteBuffer rest = ByteBuffer.wrap(content);
        while (rest.hasRemaining()) {
          channel.write(rest);
        }
        channel.force(true);
      }
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
      sync(folder);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<byte[]> read(String name) throws IOException {
    try {
      return Optional.of(Files.readAllBytes(resolve(name)));
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    }
  }

  @Override
  public void delete(String name) throws IOException {
    Path file = resolve(name);
    Lock lock = locks.of(file);
    lock.lock();
    try {
      Files.deleteIfExists(folder.resolve("." + name + UNFINISHED));
      if (Files.deleteIfExists(file)) {
        sync(folder);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    } catch (NoSuchFileException absent) {
      return List.of();
    }
  }

  @Override
  public String toString() {
    return folder.toString();
  }

  private Path resolve(String name) {
    if (name.isEmpty()
        || name.startsWith(".")
        || name.indexOf('/') >= 0
        || name.indexOf('\0') >= 0
        || name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "\""
              + name
              + "\" cannot name a file in "
              + folder
              + ": a name is one path element that does not begin with a dot, up to "
              + LONGEST_NAME
              + " bytes");
    }
    return folder.resolve(name);
  }

  private static void makeFolder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    if (Files.exists(folder)) {
      throw new NotDirectoryException(folder.toString());
    }
    Path parent = folder.getParent();
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    if (parent != null) {
      sync(parent);
    }
  }

  /** A rename or a new name is on the disk only when the folder is. */
  private static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, READ)) {
      channel.force(true);
    }
  }

  /**
   * Two writers of one name would share its unfinished file; the locks are common to a directory
   * and all within it, so that it does not matter which instance a writer holds.
   */
  private record Locks(List<Lock> stripes) {
    static Locks create() {
      return new Locks(
          IntStream.range(0, 64).<Lock>mapToObj(stripe -> new ReentrantLock()).toList());
    }

    Lock of(Path file) {
      return stripes.get(Math.floorMod(file.hashCode(), stripes.size()));
    }
  }
}
