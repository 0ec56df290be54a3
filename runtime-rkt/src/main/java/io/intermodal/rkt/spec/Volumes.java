package io.intermodal.rkt.spec;

import io.intermodal.cri.v1.Device;
import io.intermodal.cri.v1.Mount;
import io.intermodal.cri.v1.MountPropagation;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A container's mounts and devices, which are both volumes to rkt. */
final class Volumes {
  private Volumes() {}

  /**
   * The flags; missing folders of the host are made, as every runtime does.
   *
   * @throws CriException INVALID_ARGUMENT for what cannot be meant; UNIMPLEMENTED naming what rkt
   *     cannot do; FAILED_PRECONDITION when a folder cannot be made
   */
  static List<String> flags(List<Mount> mounts, List<Device> devices) {
    List<String> flags = new ArrayList<>();
    for (Mount mount : mounts) {
      flags.add(
          flag(flags.size(), source(mount), target(mount.getContainerPath()), mount.getReadonly()));
    }
    for (Device device : devices) {
      Path source = Path.of(device.getHostPath());
      if (!Files.exists(source)) {
        throw CriException.invalid("device \"%s\" does not exist".formatted(source));
      }
      String target =
          device.getContainerPath().isEmpty() ? device.getHostPath() : device.getContainerPath();
      flags.add(flag(flags.size(), source, target(target), !device.getPermissions().contains("w")));
    }
    return flags;
  }

  private static String flag(int number, Path source, String target, boolean readOnly) {
    return "--mnt-volume=name=v%d,kind=host,source=%s,target=%s,readOnly=%s"
        .formatted(number, escaped(source.toString()), escaped(target), readOnly);
  }

  /** rkt reads the flag as the query of a URL. */
  private static String escaped(String path) {
    if (path.contains(",")) {
      throw CriException.unimplemented(
          "mount \"%s\": rkt takes no comma in a path".formatted(path));
    }
    return path.replace("%", "%25").replace("+", "%2B").replace("&", "%26").replace(" ", "%20");
  }

  private static String target(String path) {
    if (!path.startsWith("/")) {
      throw CriException.invalid("mount \"%s\": not an absolute path".formatted(path));
    }
    return Path.of(path).normalize().toString();
  }

  private static Path source(Mount mount) {
    String name = "mount \"" + mount.getContainerPath() + "\"";
    if (mount.hasImage() && !mount.getImage().getImage().isEmpty()) {
      throw CriException.unimplemented(name + ": rkt mounts no images");
    }
    if (mount.getPropagation() != MountPropagation.PROPAGATION_PRIVATE) {
      throw CriException.unimplemented(
          "%s of %s: rkt cannot do %s; mounts below one are not seen in it"
              .formatted(name, mount.getHostPath(), mount.getPropagation()));
    }
    if (mount.getRecursiveReadOnly()) {
      if (!mount.getReadonly()) {
        throw CriException.invalid(name + ": recursive_read_only without readonly");
      }
      throw CriException.unimplemented(name + ": rkt cannot do recursive_read_only");
    }
    if (mount.getUidMappingsCount() + mount.getGidMappingsCount() > 0) {
      throw CriException.unimplemented(name + ": rkt cannot map ids of a mount");
    }
    if (mount.getMountOptionsCount() > 0) {
      throw CriException.unimplemented(name + ": rkt has no mount options");
    }
    try {
      Path path = Path.of(mount.getHostPath());
      if (!path.isAbsolute()) {
        throw CriException.invalid(
            "%s: host_path \"%s\" is not an absolute path".formatted(name, mount.getHostPath()));
      }
      if (Files.isSymbolicLink(path)) {
        return path.toRealPath();
      }
      if (Files.notExists(path)) {
        Files.createDirectories(path);
      }
      return path;
    } catch (InvalidPathException | IOException e) {
      throw new CriException(
          Code.FAILED_PRECONDITION,
          "%s: host_path %s is missing and cannot be made: %s"
              .formatted(name, mount.getHostPath(), e),
          e);
    }
  }
}
