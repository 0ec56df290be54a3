package io.intermodal.server.stats.folder;

import io.intermodal.server.stats.folder.FileStatus.Status;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * One walk through a folder. It follows no symbolic link and stays on the folder's file system.
 * What vanishes on the way is not counted.
 */
final class FolderWalk {
  /** Beyond so many files with several names, further ones count once for each name. */
  private static final int MOST_LINKED = 1 << 20;

  private final FileStatus kernel;
  private final BooleanSupplier wanted;
  private final Set<Long> linked = new HashSet<>();
  private final Deque<Path> open = new ArrayDeque<>();
  private long bytes;
  private long inodes;

  /**
   * @param wanted asked before each folder: a walk that nobody wants any more ends there
   */
  FolderWalk(FileStatus kernel, BooleanSupplier wanted) {
    this.kernel = kernel;
    this.wanted = wanted;
  }

  /** What was found. */
  record Found(long bytes, long inodes) {}

  /** Empty when the folder is not there, is no folder, or is not wanted any more. */
  Optional<Found> walk(Path folder) throws IOException {
    Optional<Status> top = kernel.of(folder).filter(Status::folder);
    if (top.isEmpty()) {
      return Optional.empty();
    }
    count(top.get());
    open.push(folder);
    while (!open.isEmpty()) {
      if (!wanted.getAsBoolean()) {
        return Optional.empty();
      }
      enter(open.pop(), top.get().device());
    }
    return Optional.of(new Found(bytes, inodes));
  }

  private void enter(Path folder, long device) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        Optional<Status> status = kernel.of(entry).filter(found -> found.device() == device);
        if (status.isPresent() && count(status.get()) && status.get().folder()) {
          open.push(entry);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // The folder went meanwhile, or is so deep that its path is too long: the rest counts.
      return;
    }
  }

  /** Whether it was counted: a file with several names is, with the first of them. */
  private boolean count(Status status) {
    boolean several = !status.folder() && status.links() > 1;
    if (several && linked.size() < MOST_LINKED && !linked.add(status.inode())) {
      return false;
    }
    bytes += status.bytes();
    inodes++;
    return true;
  }
}
