package io.intermodal.docker.output;

import io.intermodal.docker.output.OutputWatch.Seen;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The rotated files of one log: {@code container.log} is being written, {@code container.log.1} was
 * before, and so on. Docker closes, renames and only then creates, so a file that has a successor
 * is complete.
 */
final class LocalLogFiles {
  private static final int MOST_FILES = 1000;
  private static final int ATTEMPTS = 100;

  private final Path newest;

  /** An open file, and what tells it from others whatever its name is by now. */
  record LogFile(FileChannel channel, Object key) implements Closeable {
    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  LocalLogFiles(Path newest) {
    this.newest = newest;
  }

  /** The path of the file that is written. */
  Path newest() {
    return newest;
  }

  /** All files, oldest first, opened; the caller closes them. Empty when there is no log. */
  List<LogFile> openAll() throws IOException {
    List<LogFile> files = new ArrayList<>();
    try {
      Optional<LogFile> newestFile = openNewest();
      if (newestFile.isEmpty()) {
        return files;
      }
      files.add(newestFile.get());
      for (int i = 1; i < MOST_FILES; i++) {
        // A rotation in between gives a file a second time under its next name.
        Optional<LogFile> older = open(numbered(i));
        if (older.isEmpty()) {
          break;
        }
        if (older.get().key().equals(files.getFirst().key())) {
          older.get().close();
        } else {
          files.addFirst(older.get());
        }
      }
      return files;
    } catch (IOException e) {
      for (LogFile file : files) {
        file.close();
      }
      throw e;
    }
  }

  /** Between Docker's rename and its create there is no newest file for a moment. */
  private Optional<LogFile> openNewest() throws IOException {
    Optional<LogFile> file = open(newest);
    return file.isPresent() ? file : open(numbered(1));
  }

  /**
   * The file that was begun when this one was complete, opened; empty while this one is written.
   * When this one is gone already, the oldest of the rest.
   */
  Optional<LogFile> successor(LogFile current) throws IOException {
    if (Seen.at(newest).isFile(current.key())) {
      return Optional.empty();
    }
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      List<Object> keys = keys();
      int place = keys.indexOf(current.key());
      if (place == 0 || keys.isEmpty()) {
        return Optional.empty();
      }
      int next = place < 0 ? keys.size() - 1 : place - 1;
      Path path = next == 0 ? newest : numbered(next);
      Optional<LogFile> opened = open(path);
      if (opened.isPresent()) {
        if (opened.get().key().equals(keys.get(next))) {
          return opened;
        }
        opened.get().close();
      }
    }
    throw new IOException(newest + " is rotated faster than it can be opened");
  }

  /** Which file is behind each name, newest first; empty in the middle of a rotation. */
  private List<Object> keys() {
    List<Object> keys = new ArrayList<>();
    for (int i = 0; i < MOST_FILES; i++) {
      Object key = Seen.at(i == 0 ? newest : numbered(i)).key();
      if (key == null) {
        break;
      }
      keys.add(key);
    }
    return keys;
  }

  /** Opens a file and makes sure that the key is that of what was opened. */
  private static Optional<LogFile> open(Path path) throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Object before = Seen.at(path).key();
      if (before == null) {
        return Optional.empty();
      }
      FileChannel channel;
      try {
        channel = FileChannel.open(path, StandardOpenOption.READ);
      } catch (NoSuchFileException e) {
        continue;
      }
      if (Objects.equals(Seen.at(path).key(), before)) {
        return Optional.of(new LogFile(channel, before));
      }
      channel.close();
    }
    throw new IOException(path + " is rotated faster than it can be opened");
  }

  private Path numbered(int number) {
    return newest.resolveSibling(newest.getFileName() + "." + number);
  }
}
