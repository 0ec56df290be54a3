package io.intermodal.rkt.sandbox;

import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.node.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a pod's cgroups are made: below that of the process that starts it. Without a wish that is
 * the root, and never our own, with which the pod would be stopped.
 */
final class CgroupParent {
  private CgroupParent() {}

  /**
   * Makes the cgroup and answers the files that a process writes its id to, to be in it.
   *
   * @param root where hierarchies are mounted
   * @param wish as CRI has it: {@code /kubepods/burstable/pod1}, "" for none
   * @param place the pod's place, which names its leaf in version 2
   * @throws CriException INVALID_ARGUMENT for what is no path, RESOURCE_EXHAUSTED when the cgroup
   *     cannot be made
   */
  static List<Path> processFiles(Path root, String wish, Host.Cgroups version, String place) {
    String path = wish.startsWith("/") ? wish.substring(1) : wish;
    if (List.of(path.split("/", -1)).contains("..")) {
      throw CriException.invalid("cgroup_parent \"%s\" (expected: no \"..\")".formatted(wish));
    }
    List<Path> files = new ArrayList<>();
    try {
      if (version == Host.Cgroups.V2) {
        // A cgroup of version 2 with others below cannot hold processes itself.
        Path leaf = root.resolve(path).resolve("intermodal-" + place);
        Files.createDirectories(leaf);
        files.add(leaf.resolve("cgroup.procs"));
        return files;
      }
      try (var hierarchies = Files.newDirectoryStream(root, Files::isDirectory)) {
        for (Path hierarchy : hierarchies) {
          if (decides(hierarchy)) {
            Files.createDirectories(hierarchy.resolve(path));
            files.add(hierarchy.resolve(path).resolve("cgroup.procs"));
          } else {
            files.add(hierarchy.resolve("cgroup.procs"));
          }
        }
      }
      return files;
    } catch (IOException e) {
      throw new CriException(
          Code.RESOURCE_EXHAUSTED, "cgroup_parent %s cannot be made: %s".formatted(wish, e), e);
    }
  }

  /** rkt looks at systemd's hierarchy and uses the same path in all others. */
  private static boolean decides(Path hierarchy) {
    String name = hierarchy.getFileName().toString();
    return name.equals("systemd") || name.equals("unified");
  }

  /** Takes the pod's empty cgroups away, which rkt leaves behind. */
  static void removeEmpty(Path root, String scope, String place) {
    try (var hierarchies = Files.newDirectoryStream(root, Files::isDirectory)) {
      for (Path hierarchy : hierarchies) {
        removeTree(hierarchy.resolve(scope));
      }
    } catch (IOException e) {
      // They do no harm.
    }
    removeTree(root.resolve(scope));
    Path parent = Path.of(scope).getParent();
    if (parent != null && parent.endsWith("intermodal-" + place)) {
      removeTree(root.resolve(parent));
    }
  }

  private static void removeTree(Path cgroup) {
    if (!Files.isDirectory(cgroup)) {
      return;
    }
    try (var below = Files.newDirectoryStream(cgroup, Files::isDirectory)) {
      below.forEach(CgroupParent::removeTree);
      Files.deleteIfExists(cgroup);
    } catch (IOException e) {
      // Something still ends in it; a later pod of that name cannot exist.
    }
  }
}
