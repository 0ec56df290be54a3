package io.intermodal.docker.spec.reading;

import com.github.dockerjava.api.command.InspectContainerResponse;
import io.intermodal.cri.v1.ContainerConfig;
import io.intermodal.cri.v1.ImageSpec;
import io.intermodal.cri.v1.Mount;
import io.intermodal.cri.v1.MountPropagation;
import io.intermodal.docker.spec.labels.ImageVolume;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A container's mounts as they were asked for. Volumes that Docker made by itself for an image are
 * left out: nobody asked for them.
 */
final class Mounts {
  private Mounts() {}

  static List<Mount> of(InspectContainerResponse inspected) {
    InspectJson hostConfig = InspectJson.of(inspected).field("HostConfig");
    Map<String, String> labels = labels(inspected);
    List<Mount> mounts = new ArrayList<>();
    for (InspectJson bind : hostConfig.field("Binds").elements()) {
      mounts.add(ofBind(bind.text()));
    }
    for (InspectJson mount : hostConfig.field("Mounts").elements()) {
      Optional<ImageVolume> volume = ImageVolume.at(mount.field("Target").text(), labels);
      switch (mount.field("Type").text()) {
        case "bind" -> mounts.add(volume.map(Mounts::image).orElseGet(() -> ofMount(mount)));
        case "image" -> mounts.add(volume.map(Mounts::image).orElseGet(() -> ofImage(mount)));
        default -> {
          // CRI has no word for Docker's other kinds, and nobody asked for them through CRI.
        }
      }
    }
    return mounts;
  }

  /**
   * What {@link #of(InspectContainerResponse)} would say of a container that was made just now.
   *
   * @param labels its labels in Docker
   */
  static List<Mount> of(ContainerConfig request, Map<String, String> labels) {
    return request.getMountsList().stream()
        .map(mount ->
            mount.hasImage()
                ? ImageVolume.at(mount.getContainerPath(), labels).map(Mounts::image).orElse(mount)
                : mount)
        .toList();
  }

  private static Map<String, String> labels(InspectContainerResponse inspected) {
    var config = inspected.getConfig();
    return config == null || config.getLabels() == null ? Map.of() : config.getLabels();
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
    String source = mount.field("Source").text();
    return image(
        new ImageVolume(
            mount.field("Target").text(),
            source,
            source,
            mount.field("ImageOptions").field("Subpath").text()));
  }

  private static Mount image(ImageVolume volume) {
    return Mount.newBuilder()
        .setContainerPath(volume.containerPath())
        .setReadonly(true)
        .setImage(ImageSpec.newBuilder().setImage(volume.image()).setImageRef(volume.imageId()))
        .setImageSubPath(volume.subPath())
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
