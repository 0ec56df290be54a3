package io.intermodal.server.stats.cgroup.hierarchy;

import io.intermodal.runtime.node.statistics.CgroupPlace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the folders of a cgroup. They are at its path, unless the engine itself runs in a cgroup of
 * its own and makes those of containers below that: then the kernel is asked where a process is.
 *
 * @param root where the hierarchies are mounted
 * @param proc where procfs is mounted
 */
record CgroupFolders(Path root, Path proc) {
  /** The unified hierarchy of a hybrid host, which has the pressure files; a folder name there. */
  static final String UNIFIED = "unified";

  /**
   * The folders by controller, which may exist or not; of version 1, where each controller has a
   * folder below the root (those mounted together have links).
   *
   * @param witnesses controllers one of which has a folder at the path if the path is right
   */
  Map<String, Path> ofControllers(
      CgroupPlace place, List<String> controllers, List<String> witnesses) {
    Map<String, Path> usual = new HashMap<>();
    for (String controller : controllers) {
      usual.put(controller, root.resolve(controller).resolve(place.path()));
    }
    boolean right =
        witnesses.stream().map(usual::get).anyMatch(path -> path != null && Files.exists(path));
    return right || place.pid() <= 0 ? usual : ofProcess(place.pid(), controllers);
  }

  /** The folder in version 2's only hierarchy, which may exist or not. */
  Path unified(CgroupPlace place) {
    Path usual = root.resolve(place.path());
    if (place.pid() <= 0 || Files.exists(usual)) {
      return usual;
    }
    Path told = ofProcess(place.pid(), List.of(UNIFIED)).get(UNIFIED);
    return told == null ? usual : root.resolve(root.resolve(UNIFIED).relativize(told));
  }

  private Map<String, Path> ofProcess(long pid, List<String> controllers) {
    Map<String, Path> found = new HashMap<>();
    try {
      Path file = proc.resolve(pid + "/cgroup");
      for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
        int first = line.indexOf(':');
        int second = line.indexOf(':', first + 1);
        if (first >= 0 && second >= 0) {
          add(line.substring(first + 1, second), line.substring(second + 1), controllers, found);
        }
      }
    } catch (IOException e) {
      // The process is gone, and nobody else knows where its cgroup was.
      return Map.of();
    }
    return found;
  }

  private void add(String named, String path, List<String> controllers, Map<String, Path> found) {
    // A process in the root is one that was not put anywhere: what is counted there is the host's.
    if (path.length() < 2 || path.contains("..")) {
      return;
    }
    String together = named.isEmpty() ? UNIFIED : named;
    for (String one : Arrays.asList(together.split(",", -1))) {
      if (controllers.contains(one)) {
        found.put(one, root.resolve(one).resolve(path.substring(1)));
      }
    }
  }
}
