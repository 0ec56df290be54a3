package io.intermodal.server.stats.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the file systems of folders are mounted: the highest folder above that is on the same
 * device. Remembered for the folder two above, which an engine's writable layers have in common.
 */
public final class MountPoints {
  private static final int MOST_KNOWN = 256;

  private final ConcurrentHashMap<Path, String> known = new ConcurrentHashMap<>();

  /** The mount point; the folder itself when it cannot be found out. */
  public String of(Path folder) {
    Path common = Optional.ofNullable(folder.getParent()).map(Path::getParent).orElse(folder);
    String mountPoint = known.get(common);
    if (mountPoint != null) {
      return mountPoint;
    }
    String found = find(folder);
    if (found != null && known.size() < MOST_KNOWN && common.startsWith(found)) {
      known.put(common, found);
    }
    return found == null ? folder.toString() : found;
  }

  private static @Nullable String find(Path folder) {
    try {
      Object device = device(folder);
      Path highest = folder;
      Path above = folder.getParent();
      while (above != null && device(above).equals(device)) {
        highest = above;
        above = above.getParent();
      }
      return highest.toString();
    } catch (IOException e) {
      // The folder went while it was looked at.
      return null;
    }
  }

  private static Object device(Path folder) throws IOException {
    return Files.getAttribute(folder, "unix:dev", LinkOption.NOFOLLOW_LINKS);
  }
}
