package io.intermodal.docker.spec.reading;

import com.github.dockerjava.api.command.InspectContainerResponse;
import io.intermodal.cri.v1.ImageSpec;
import io.intermodal.cri.v1.Mount;
import io.intermodal.cri.v1.MountPropagation;
import java.util.ArrayList;
import java.util.List;

/**
 * A container's mounts as they were asked for. Volumes that Docker made by itself for an image are
 * left out: nobody asked for them.
 */
final class Mounts {
  private Mounts() {}

  static List<Mount> of(InspectContainerResponse inspected) {
    InspectJson hostConfig = InspectJson.of(inspected).field("HostConfig");
    List<Mount> mounts = new ArrayList<>();
    for (InspectJson bind : hostConfig.field("Binds").elements()) {
      mounts.add(ofBind(bind.text()));
    }
    for (InspectJson mount : hostConfig.field("Mounts").elements()) {
      switch (mount.field("Type").text()) {
        case "bind" -> mounts.add(ofMount(mount));
        case "image" -> mounts.add(ofImage(mount));
        default -> {
          // CRI has no word for Docker's other kinds, and nobody asked for them through CRI.
        }
      }
    }
    return mounts;
  }

  private static Mount ofMount(InspectJson mount) {
    InspectJson options = mount.field("BindOptions");
    return Mount.newBuilder()
        .setContainerPath(mount.field("Target").text())
        .setHostPath(mount.field("Source").text())
        .setReadonly(mount.field("ReadOnly").isTrue())
        .setRecursiveReadOnly(options.field("ReadOnlyForceRecursive").isTrue())
        .setPropagation(propagation(options.field("Propagation").text()))
        .build();
  }

  private static Mount ofImage(InspectJson mount) {
    return Mount.newBuilder()
        .setContainerPath(mount.field("Target").text())
        .setReadonly(true)
        .setImage(ImageSpec.newBuilder().setImage(mount.field("Source").text()))
        .setImageSubPath(mount.field("ImageOptions").field("Subpath").text())
        .build();
  }

  /** Docker's older notation: {@code /on/host:/in/container:ro,Z,rslave}. */
  private static Mount ofBind(String bind) {
    String[] parts = bind.split(":", 3);
    Mount.Builder mount = Mount.newBuilder().setHostPath(parts[0]);
    if (parts.length > 1) {
      mount.setContainerPath(parts[1]);
    }
    if (parts.length > 2) {
      for (String mode : parts[2].split(",", -1)) {
        switch (mode) {
          case "ro" -> mount.setReadonly(true);
          case "z", "Z" -> mount.setSelinuxRelabel(true);
          case "shared", "rshared", "slave", "rslave" -> mount.setPropagation(propagation(mode));
          default -> {
            // "rw", "private" and what else there is are CRI's defaults.
          }
        }
      }
    }
    return mount.build();
  }

  private static MountPropagation propagation(String docker) {
    return switch (docker) {
      case "shared", "rshared" -> MountPropagation.PROPAGATION_BIDIRECTIONAL;
      case "slave", "rslave" -> MountPropagation.PROPAGATION_HOST_TO_CONTAINER;
      default -> MountPropagation.PROPAGATION_PRIVATE;
    };
  }
}
