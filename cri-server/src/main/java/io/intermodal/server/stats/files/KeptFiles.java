package io.intermodal.server.stats.files;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Files that are kept open to be read again and again. Which of them are there is found out once,
 * at opening. Safe for use by many threads; who reads while another closes gets an IOException.
 *
 * @param <F> which file
 */
public final class KeptFiles<F extends Enum<F>> implements Closeable {
  private final Map<F, FileChannel> channels;

  private KeptFiles(Map<F, FileChannel> channels) {
    this.channels = channels;
  }

  /** Opens those of the files that are there. */
  public static <F extends Enum<F>> KeptFiles<F> open(Class<F> type, Map<F, Path> files)
      throws IOException {
    KeptFiles<F> kept = new KeptFiles<>(new EnumMap<>(type));
    try {
      for (Map.Entry<F, Path> file : files.entrySet()) {
        kept.open(file.getKey(), file.getValue());
      }
      return kept;
    } catch (IOException e) {
      kept.close();
      throw e;
    }
  }

  private void open(F file, Path path) throws IOException {
    try {
      channels.put(file, FileChannel.open(path, StandardOpenOption.READ));
    } catch (NoSuchFileException | NotDirectoryException e) {
      // Not every kernel and not every cgroup has every file: what is not there is not read.
    }
  }

  /** How many files are open. */
  public int count() {
    return channels.size();
  }

  /** Whether the file was there. */
  public boolean has(F file) {
    return channels.containsKey(file);
  }

  /**
   * Reads one of them.
   *
   * @return empty when it was not there at opening
   * @throws IOException when the kernel has it no more, or does not want to tell
   */
  public Optional<FileText> read(F file, FileText into) throws IOException {
    FileChannel channel = channels.get(file);
    return channel == null ? Optional.empty() : Optional.of(into.read(channel));
  }

  /** Closes all of them. */
  @Override
  public void close() {
    try {
      for (FileChannel channel : channels.values()) {
        channel.close();
      }
    } catch (IOException e) {
      // Closing what was only read has nothing left to lose.
      throw new UncheckedIOException(e);
    }
  }
}
