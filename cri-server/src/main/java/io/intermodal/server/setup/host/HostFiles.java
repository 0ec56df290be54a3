package io.intermodal.server.setup.host;

import com.google.protobuf.ByteString;
import io.intermodal.runtime.setup.NodeFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The machine's files. A file is written beside its place, fsynced and renamed, so that it is the
 * old or the new one whenever the machine stops; a link is followed, so that what it leads to is
 * written and it stays a link.
 *
 * <p>Everything is below a root, which is {@code /} but in tests.
 */
public final class HostFiles implements NodeFiles {
  private static final long LARGEST = 1 << 20;
  private static final String UNFINISHED = ".intermodal-unfinished";
  private static final Duration OUTPUT_PATIENCE = Duration.ofSeconds(5);

  /** Where programs are, whatever the PATH of who calls: daemons are in sbin. */
  private static final List<String> PROGRAM_FOLDERS =
      List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");

  private final Path root;
  private final Programs programs;

  public HostFiles(Path root, Programs programs) {
    this.root = root;
    this.programs = programs;
  }

  /** Where a path of the node is for this process. */
  public Path place(Path file) {
    return root.resolve(Path.of("/").relativize(file));
  }

  @Override
  public Optional<String> read(Path file) throws IOException {
    return state(file).map(FileState::text);
  }

  @Override
  public List<String> names(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(place(folder))) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    } catch (NoSuchFileException | NotDirectoryException none) {
      return List.of();
    }
  }

  @Override
  public Optional<Path> program(String name) {
    return PROGRAM_FOLDERS.stream()
        .map(folder -> Path.of(folder, name))
        .filter(this::executable)
        .findFirst();
  }

  @Override
  public boolean executable(Path file) {
    Path place = place(file);
    return Files.isRegularFile(place) && Files.isExecutable(place);
  }

  @Override
  public String output(List<String> command) throws IOException {
    return programs.require(command, "", OUTPUT_PATIENCE);
  }

  /**
   * A file as it is now.
   *
   * @return empty when there is none
   * @throws IOException when it cannot be read, is none or is longer than a mebibyte
   */
  public Optional<FileState> state(Path file) throws IOException {
    Path place = place(file);
    try {
      if (Files.isDirectory(place)) {
        throw new IOException(file + " is a folder, but a file is expected there");
      }
      if (Files.size(place) > LARGEST) {
        throw new IOException(file + " is longer than a mebibyte: not a file to be set up");
      }
      Map<String, Object> attributes = Files.readAttributes(place, "unix:*");
      return Optional.of(
          new FileState(
              ByteString.copyFrom(Files.readAllBytes(place)),
              PosixFilePermissions.toString(permissions(attributes)),
              (Integer) attributes.getOrDefault("uid", 0),
              (Integer) attributes.getOrDefault("gid", 0),
              Files.getLastModifiedTime(place).toMillis()));
    } catch (NoSuchFileException absent) {
      if (Files.isSymbolicLink(place)) {
        throw new IOException(file + " is a link that leads nowhere: remove it", absent);
      }
      return Optional.empty();
    } catch (FileSystemException e) {
      throw new IOException("%s cannot be read: %s".formatted(file, reason(e)), e);
    }
  }

  @SuppressWarnings("unchecked") // What the attribute is documented to be.
  private static Set<PosixFilePermission> permissions(Map<String, Object> attributes) {
    return (Set<PosixFilePermission>) attributes.getOrDefault("permissions", Set.of());
  }

  /** The folders above a file that are not there, the uppermost first. */
  public List<Path> missingFolders(Path file) {
    List<Path> missing = new ArrayList<>();
    for (Path folder = file.getParent();
        folder != null && Files.notExists(place(folder));
        folder = folder.getParent()) {
      missing.addFirst(folder);
    }
    return missing;
  }

  /**
   * Puts content into a file, which keeps its owner and permissions, or is made with those of
   * configuration: root's, readable by all.
   */
  public void write(Path file, ByteString content) throws IOException {
    Optional<FileState> present = state(file);
    put(
        file,
        new FileState(
            content,
            present.map(FileState::permissions).orElse("rw-r--r--"),
            present.map(FileState::uid).orElse(0),
            present.map(FileState::gid).orElse(0),
            System.currentTimeMillis()));
  }

  /** Makes a file what it was. */
  public void put(Path file, FileState state) throws IOException {
    Path place = place(file);
    try {
      if (place.getParent() != null) {
        Files.createDirectories(place.getParent());
      }
      Path target = Files.isSymbolicLink(place) ? place.toRealPath() : place;
      Path unfinished = target.resolveSibling(target.getFileName() + UNFINISHED);
      try (FileChannel out =
          FileChannel.open(
              unfinished,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer rest = state.content().asReadOnlyByteBuffer();
        while (rest.hasRemaining()) {
          out.write(rest);
        }
        Files.setPosixFilePermissions(
            unfinished, PosixFilePermissions.fromString(state.permissions()));
        Files.setAttribute(unfinished, "unix:uid", state.uid(), LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(unfinished, "unix:gid", state.gid(), LinkOption.NOFOLLOW_LINKS);
        out.force(true);
      }
      Files.setLastModifiedTime(unfinished, FileTime.fromMillis(state.modified()));
      Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
      syncFolderOf(target);
    } catch (FileSystemException e) {
      throw new IOException("%s cannot be written: %s".formatted(file, reason(e)), e);
    }
  }

  /** Removes a file, and what a write of it has left unfinished. */
  public void delete(Path file) throws IOException {
    Path place = place(file);
    try {
      Files.deleteIfExists(place.resolveSibling(place.getFileName() + UNFINISHED));
      if (Files.deleteIfExists(place)) {
        syncFolderOf(place);
      }
    } catch (FileSystemException e) {
      throw new IOException("%s cannot be removed: %s".formatted(file, reason(e)), e);
    }
  }

  /** Removes folders that are empty, the lowest first; others stay. */
  public void deleteEmpty(List<Path> folders) throws IOException {
    for (Path folder : folders.reversed()) {
      try {
        Files.deleteIfExists(place(folder));
      } catch (DirectoryNotEmptyException inUse) {
        // Others have put something there meanwhile: it is theirs now, and so are those above it.
        return;
      }
    }
  }

  /**
   * Makes sure that a file could be written, without doing it.
   *
   * @throws IOException when it could not: the file system is read-only, or this is not root
   */
  public void requireWritable(Path file) throws IOException {
    Path folder = file.getParent();
    while (folder != null && Files.notExists(place(folder))) {
      folder = folder.getParent();
    }
    if (folder == null || !Files.isWritable(place(folder))) {
      throw new IOException(
          "%s cannot be written to: it is on a read-only file system, or this is not root. Run it as root, on a node whose %s can be changed."
              .formatted(folder, file));
    }
  }

  private static void syncFolderOf(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      return;
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static String reason(FileSystemException e) {
    return e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
  }
}
