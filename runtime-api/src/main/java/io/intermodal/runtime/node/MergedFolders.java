package io.intermodal.runtime.node;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Folders of this host that show several others laid over each other, as the layers of an image are
 * meant to be seen. They can only be read, and outlive this process: whoever made one undoes it.
 *
 * <p>A name is one path element that does not begin with a dot.
 */
public interface MergedFolders {
  /**
   * Shows the layers under a name; what is shown under it already stays as it is.
   *
   * @param base the folder that the layers' paths begin at
   * @param layers relative paths, the uppermost first, at least one; short ones, since the kernel
   *     takes 4096 bytes of them
   * @return where they are seen
   * @throws IOException when the host does not allow it
   */
  Path show(String name, Path base, List<String> layers) throws IOException;

  /**
   * Ends it; who has it open or mounted elsewhere keeps it. Nothing happens for an unknown name.
   */
  void hide(String name) throws IOException;

  /** All names, those of a former process and of half-done work too. */
  Set<String> names() throws IOException;

  /**
   * Whether another process sees the same mounts, and so these folders.
   *
   * @throws IOException when that cannot be found out
   */
  boolean areSeenBy(long pid) throws IOException;
}
