package io.intermodal.server.stats.folder;

import io.intermodal.runtime.node.FolderSizes;
import java.nio.file.Path;
import java.util.Optional;

/** Sizes of folders, walked in the background. */
public final class WalkedFolders implements FolderSizes, AutoCloseable {
  @Override
  public Optional<FolderUse> of(Path folder) {
    return Optional.empty();
  }

  @Override
  public Optional<FolderUse> ofUnchanging(Path folder) {
    return Optional.empty();
  }

  @Override
  public void forget(Path folder) {
    // Nothing is kept yet.
  }

  @Override
  public void close() {
    // Nothing runs yet.
  }
}
