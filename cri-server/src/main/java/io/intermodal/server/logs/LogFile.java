package io.intermodal.server.logs;

import io.intermodal.runtime.node.LogSource.Channel;
import io.intermodal.runtime.node.StateDirectory;
import io.intermodal.server.logs.Written.Skips;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that one container's records go to, and how to go on after any interruption. Used under
 * its owner's lock.
 *
 * <p><b>What is kept.</b> The records in the files are the truth about what was written. Beside
 * them one {@link LogPosition} a container is kept in the state directory. It names the file that
 * is written to by its inode, an offset in it, and sums up everything before that offset: how it
 * ended, and the records at its end that the engine may give again. It is saved when the file is
 * made, when another file takes its place, and after each {@code checkpointBytes} written, so that
 * no more than that is ever read again.
 *
 * <p><b>Going on.</b> {@link #resume} reads the file from that offset. With the summed-up ending
 * this gives {@link Ending#since}: nothing that is missing is older. The engine is asked for all
 * from that time on. All records of that time or later that are in the files are known (those
 * before the offset from the position, those after it from the file), and each is passed over once,
 * as a multiset: equal records are interchangeable, so neither equal times nor the order in which
 * the engine gives them matter. A last line without its line feed is cut off first; the engine
 * gives it again.
 *
 * <p><b>Rotation, killed at any instant.</b> A rotation is a rename by the kubelet, then {@link
 * #reopen}: (1) make the new file, (2) save a position that names it and sums up the old one, (3)
 * write to it. Killed before the rename or between it and (2): the position names the old file,
 * which is found by its inode under its new name and read as ever. If there is no file at the path
 * yet, further records go to the renamed file until {@link #reopen} is called, just as they would
 * have without the interruption (a kubelet whose call failed renames the file back, and would
 * otherwise throw away what went to a new one). If there is one, it takes over by (2) and (3).
 * Killed after (2): everything needed is in the position, even when the old file is gone.
 *
 * <p><b>Limits.</b> A file that is deleted takes its records along; those of the last second may be
 * written again to the new one. A clock set back by more than {@link Ending#SLACK} while nobody
 * follows hides the lines of that time; set back shortly before a rotation and an interruption,
 * lines may be doubled. Of a line in more than {@link Written#MOST} parts, or unfinished while so
 * many records came, the rest may be lost or doubled over an interruption. The files are not synced
 * to the disk.
 */
final class LogFile implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(LogFile.class);
  private static final long BETWEEN_LOOKS = TimeUnit.SECONDS.toNanos(1);

  private final String containerId;
  private final Path path;
  private final StateDirectory positions;
  private final long checkpointBytes;
  private final LogCounts counts;

  private @Nullable FileChannel channel;
  private @Nullable LogPosition position;
  private Ending ending = new Ending();
  private long sinceCheckpoint;
  private long lastLook = System.nanoTime();

  LogFile(
      String containerId,
      Path path,
      StateDirectory positions,
      long checkpointBytes,
      LogCounts counts) {
    this.counts = counts;
    this.containerId = containerId;
    this.path = path;
    this.positions = positions;
    this.checkpointBytes = checkpointBytes;
  }

  /**
   * What to ask the engine for, and what to pass over in its answer.
   *
   * @param since empty for everything
   */
  record Resumption(Optional<String> since, Skips skips) {}

  /** What the files say. */
  private record Journal(Ending ending, long since, Written written, long length) {
    static Journal before(LogPosition position) {
      return new Journal(position.before(), position.before().since(), position.written(), 0);
    }

    static Journal empty() {
      return new Journal(new Ending(), Timestamps.NEVER, new Written(), 0);
    }
  }

  /** Opens the file, made if need be, for adding to its end. */
  Resumption resume() throws IOException {
    try {
      return resumeWhereItIs();
    } catch (NoSuchFileException renamedMeanwhile) {
      return resumeWhereItIs();
    }
  }

  private Resumption resumeWhereItIs() throws IOException {
    close();
    refuseAllButFiles();
    Optional<LogPosition> saved = savedPosition();
    Optional<Path> found = saved.isPresent() ? saved.get().file().findAt(path) : Optional.empty();
    LogPosition current;
    Path place;
    if (saved.isPresent()
        && found.isPresent()
        && (found.get().equals(path) || FileIdentity.of(path).isEmpty())) {
      current = saved.get();
      place = found.get();
      channel = openForAppend(place, false);
      if (!FileIdentity.of(place).equals(Optional.of(current.file()))) {
        throw new NoSuchFileException(place.toString(), null, "was renamed while it was opened");
      }
    } else {
      Journal before = Journal.empty();
      if (saved.isPresent()) {
        before = found.isPresent() ? read(saved.get(), found.get()) : Journal.before(saved.get());
      }
      current = takeOver(before);
      place = path;
    }
    position = current;
    Journal journal = read(current, place);
    ending = journal.ending();
    sinceCheckpoint = journal.length() - current.from();
    return new Resumption(
        journal.since() == Timestamps.NEVER
            ? Optional.empty()
            : Optional.of(Timestamps.text(journal.since())),
        journal.written().from(journal.since()).skips());
  }

  boolean isOpen() {
    return channel != null && channel.isOpen();
  }

  /** Notes a record that will be written next. */
  void appended(long time, Channel of, boolean partial) {
    ending.passed(time, of, partial);
  }

  /**
   * To be called before the first byte of a batch of records: makes a new file when ours was
   * deleted. A renamed one is still ours until {@link #reopen}.
   */
  void beforeBatch() throws IOException {
    long now = System.nanoTime();
    if (position == null || !isOpen() || now - lastLook < BETWEEN_LOOKS) {
      return;
    }
    lastLook = now;
    if (position.file().findAt(path).isEmpty()) {
      LOG.warn(
          "The log file {} of container {} was deleted while it was written to; it is made anew."
              + " To make room, rotate it: rename it, then call ReopenContainerLog.",
          path,
          containerId);
      reopen();
    }
  }

  /** One write; it may take a part of the bytes only. */
  void write(ByteBuffer bytes) throws IOException {
    if (channel == null) {
      throw new ClosedChannelException();
    }
    int count = channel.write(bytes);
    sinceCheckpoint += count;
    counts.wrote(count);
  }

  /** To be called after the last byte of a batch of records. */
  void afterBatch() {
    FileChannel file = channel;
    LogPosition old = position;
    if (file == null || old == null || sinceCheckpoint < checkpointBytes) {
      return;
    }
    try {
      Optional<Path> place = old.file().findAt(path);
      if (place.isPresent()) {
        Journal journal = read(old, place.get());
        position = save(old.file(), journal.length(), journal);
      }
      sinceCheckpoint = 0;
    } catch (NoSuchFileException e) {
      LOG.debug("{} was renamed just now; the next batch is early enough", path);
    } catch (IOException e) {
      sinceCheckpoint = 0;
      LOG.warn(
          "The position in the log {} of container {} could not be saved: {}. Lines are written all"
              + " the same; after a restart more of the file has to be read.",
          path,
          containerId,
          e.toString());
    }
  }

  /**
   * Lets further records go to the path, to a new file if none is there. After an error they go
   * where they went before.
   */
  void reopen() throws IOException {
    refuseAllButFiles();
    if (!isOpen() || position == null) {
      resume();
    }
    LogPosition old = position;
    if (old == null || FileIdentity.of(path).equals(Optional.of(old.file()))) {
      return;
    }
    Optional<Path> place = old.file().findAt(path);
    Journal before =
        place.isPresent()
            ? read(old, place.get())
            : new Journal(ending.copy(), ending.since(), old.written(), 0);
    FileChannel left = channel;
    position = takeOver(before);
    sinceCheckpoint = 0;
    if (left != null) {
      left.close();
    }
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }

  /** Makes or opens the file at the path and lets it follow what was written before. */
  private LogPosition takeOver(Journal before) throws IOException {
    Path folder = path.getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    }
    FileChannel file = openForAppend(path, true);
    try {
      FileIdentity identity =
          FileIdentity.of(path)
              .orElseThrow(() ->
                  new NoSuchFileException(path.toString(), null, "was renamed while it was made"));
      LogPosition next = save(identity, 0, before);
      channel = file;
      return next;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static FileChannel openForAppend(Path file, boolean create) throws IOException {
    Set<OpenOption> options = new HashSet<>();
    options.add(StandardOpenOption.WRITE);
    options.add(StandardOpenOption.APPEND);
    options.add(LinkOption.NOFOLLOW_LINKS);
    if (create) {
      options.add(StandardOpenOption.CREATE);
    }
    return FileChannel.open(
        file,
        options,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
  }

  /** Reads on from a position, after cutting off a last line that is not whole. */
  private static Journal read(LogPosition position, Path file) throws IOException {
    Ending ending = position.before().copy();
    long whole =
        RecordScanner.scan(
            file,
            position.from(),
            (time, channel, partial, bytes, offset, length) ->
                ending.passed(time, channel, partial));
    try (FileChannel cut = FileChannel.open(file, StandardOpenOption.WRITE)) {
      cut.truncate(whole);
    }
    long since = ending.since();
    Written written = readFrom(since, position, file);
    if (written.isFull() && since < ending.sinceOfWholeLines()) {
      since = ending.sinceOfWholeLines();
      written = readFrom(since, position, file);
    }
    return new Journal(ending, since, written, whole);
  }

  /**
   * The records of a time on, and those of {@link Ending#SLACK} before it: a line that comes later
   * may be that much older, and then bring a later {@link Ending#since} back by as much.
   */
  private static Written readFrom(long since, LogPosition position, Path file) throws IOException {
    long first = since == Timestamps.NEVER ? since : since - Ending.SLACK;
    Written written = position.written().from(first);
    RecordScanner.scan(
        file,
        position.from(),
        (time, channel, partial, bytes, offset, length) -> {
          if (time >= first) {
            written.add(time, RecordBuffer.hash(bytes, offset, length));
          }
        });
    return written;
  }

  private LogPosition save(FileIdentity file, long from, Journal before) throws IOException {
    LogPosition next = new LogPosition(path, file, from, before.ending(), before.written());
    positions.write(containerId, next.encode());
    return next;
  }

  private Optional<LogPosition> savedPosition() throws IOException {
    Optional<byte[]> bytes = positions.read(containerId);
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(LogPosition.decode(bytes.get()));
    } catch (IOException e) {
      LOG.warn(
          "The saved position {}/{} in the log {} is not understood ({}); the log file is read"
              + " from its beginning instead. If it was rotated just now, lines may be doubled.",
          positions,
          containerId,
          path,
          e.toString());
      return Optional.empty();
    }
  }

  private void refuseAllButFiles() throws IOException {
    if (Files.isSymbolicLink(path)) {
      throw new FileSystemException(
          path.toString(),
          null,
          "is a symbolic link, and what it points to is not ours to write to: remove the link");
    }
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        && !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileSystemException(
          path.toString(), null, "is no regular file, so no log can be written there: remove it");
    }
  }
}
