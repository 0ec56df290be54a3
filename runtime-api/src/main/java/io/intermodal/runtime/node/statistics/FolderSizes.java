package io.intermodal.runtime.node.statistics;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How much folders hold. Walking a folder takes as long as it has files, so no request waits for
 * it: answers come from memory and are renewed in the background, rarely for a folder that is slow
 * to walk.
 */
public interface FolderSizes {
  /**
   * What the folder held when it was last walked; empty until the first walk has ended, and for a
   * folder that is not there. An old answer is given as well, and asks for a new walk.
   *
   * @param folder an absolute path; symbolic links inside are counted and not followed, and other
   *     file systems mounted inside are left out
   */
  Optional<FolderUse> of(Path folder);

  /** As {@link #of}, for a folder that never changes, as an image's layer: one walk is enough. */
  Optional<FolderUse> ofUnchanging(Path folder);

  /** Forgets the folder. Needed once for each, when it is removed. */
  void forget(Path folder);

  /**
   * What a folder holds, itself included.
   *
   * @param bytes of the disk: whole blocks, without holes, hard links once
   * @param inodes files, folders and all else that has a name, hard links once
   * @param measuredAt when the walk ended, in ns since 1970
   */
  record FolderUse(long bytes, long inodes, long measuredAt) {}
}
