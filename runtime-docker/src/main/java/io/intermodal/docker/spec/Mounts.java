package io.intermodal.docker.spec;

import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.BindOptions;
import com.github.dockerjava.api.model.BindPropagation;
import com.github.dockerjava.api.model.DockerObjectAccessor;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.ImageOptions;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.PropagationMode;
import com.github.dockerjava.api.model.SELContext;
import com.github.dockerjava.api.model.Volume;
import io.intermodal.cri.v1.Mount;
import io.intermodal.cri.v1.MountPropagation;
import io.intermodal.docker.spec.labels.ImageVolume;
import io.intermodal.runtime.CriException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A container's mounts.
 *
 * <p>A missing host path is made as a folder, as every runtime does. A host path that is a symbolic
 * link is resolved, since mount propagation is a property of the place it leads to.
 */
final class Mounts {
  /** The first API with a say in whether read-only reaches the mounts below. */
  static final int RECURSIVE_READ_ONLY = 44;

  /** The first API whose engine mounts images. */
  static final int IMAGE_MOUNTS = 48;

  private final EngineFeatures features;
  private final ImageFolders images;

  Mounts(EngineFeatures features, ImageFolders images) {
    this.features = features;
    this.images = images;
  }

  /**
   * Puts the mounts into Docker's request, making missing folders of the host.
   *
   * @return which of them are images
   * @throws CriException INVALID_ARGUMENT for what contradicts itself; UNIMPLEMENTED naming the
   *     mount for what this engine cannot do; FAILED_PRECONDITION when a folder cannot be made
   */
  List<ImageVolume> fill(HostConfig target, List<Mount> wishes) {
    wishes.forEach(Mounts::validate);
    List<com.github.dockerjava.api.model.Mount> mounts = new ArrayList<>();
    List<Bind> relabelled = new ArrayList<>();
    List<ImageVolume> volumes = new ArrayList<>();
    for (Mount wish : wishes) {
      if (wish.hasImage()) {
        ImageVolume volume = volume(wish);
        volumes.add(volume);
        mounts.add(features.mountsImages() ? image(volume) : folder(volume));
      } else if (wish.getSelinuxRelabel() && features.seLinux()) {
        relabelled.add(relabelledBind(wish));
      } else {
        mounts.add(bind(wish));
      }
    }
    target.withMounts(mounts);
    if (!relabelled.isEmpty()) {
      target.withBinds(relabelled);
    }
    return volumes;
  }

  private static void validate(Mount wish) {
    String name = name(wish);
    if (!wish.getContainerPath().startsWith("/")) {
      throw CriException.invalid("%s: container_path is not an absolute path".formatted(name));
    }
    if (wish.getUidMappingsCount() > 0 || wish.getGidMappingsCount() > 0) {
      throw CriException.unimplemented(
          "%s: Docker cannot map user or group ids of a mount".formatted(name));
    }
    if (wish.getMountOptionsCount() > 0) {
      throw CriException.unimplemented(
          "%s: Docker has no mount options %s for it".formatted(name, wish.getMountOptionsList()));
    }
    if (wish.getRecursiveReadOnly()) {
      if (!wish.getReadonly()) {
        throw CriException.invalid("%s: recursive_read_only needs readonly".formatted(name));
      }
      if (wish.getPropagation() != MountPropagation.PROPAGATION_PRIVATE) {
        throw CriException.invalid(
            "%s: recursive_read_only needs private propagation, not %s"
                .formatted(name, wish.getPropagation()));
      }
    }
    if (wish.getPropagation() == MountPropagation.UNRECOGNIZED) {
      throw CriException.invalid(
          "%s: unknown propagation %d".formatted(name, wish.getPropagationValue()));
    }
    if (wish.hasImage()) {
      validateImage(wish, name);
    } else if (!wish.getImageSubPath().isEmpty()) {
      throw CriException.invalid("%s: image_sub_path without an image".formatted(name));
    }
  }

  private static void validateImage(Mount wish, String name) {
    if (!wish.getHostPath().isEmpty()) {
      throw CriException.invalid("%s: both a host_path and an image".formatted(name));
    }
    if (wish.getImage().getImage().isEmpty()) {
      throw CriException.invalid("%s: the image has no name".formatted(name));
    }
    if (!wish.getReadonly()) {
      throw CriException.invalid("%s: an image can only be mounted readonly".formatted(name));
    }
    String subPath = wish.getImageSubPath();
    if (subPath.startsWith("/")
        || subPath.indexOf('\0') >= 0
        || List.of(subPath.split("/", -1)).contains("..")) {
      throw CriException.invalid(
          "%s: image_sub_path \"%s\" (expected: a relative path without \"..\")"
              .formatted(name, subPath.replace('\0', '?')));
    }
  }

  private com.github.dockerjava.api.model.Mount bind(Mount wish) {
    if (wish.getRecursiveReadOnly()) {
      features.require(1, RECURSIVE_READ_ONLY, name(wish) + ": recursive_read_only");
    }
    BindOptions options = new BindOptions();
    switch (wish.getPropagation()) {
      case PROPAGATION_HOST_TO_CONTAINER -> options.withPropagation(BindPropagation.R_SLAVE);
      case PROPAGATION_BIDIRECTIONAL -> options.withPropagation(BindPropagation.R_SHARED);
      default -> {
        // Left to Docker, which means private, except that it takes a path with its own data in it
        // ("/" of a node exporter) only as a slave and refuses an explicit "private".
      }
    }
    if (wish.getReadonly() && features.speaks(1, RECURSIVE_READ_ONLY)) {
      if (wish.getRecursiveReadOnly()) {
        options.withPropagation(BindPropagation.R_PRIVATE);
        DockerObjectAccessor.overrideRawValue(options, "ReadOnlyForceRecursive", true);
      } else {
        DockerObjectAccessor.overrideRawValue(options, "ReadOnlyNonRecursive", true);
      }
    }
    return new com.github.dockerjava.api.model.Mount()
        .withType(MountType.BIND)
        .withSource(source(wish))
        .withTarget(wish.getContainerPath())
        .withReadOnly(wish.getReadonly())
        .withBindOptions(options);
  }

  /**
   * Docker relabels only what comes in its older notation, where it decides itself whether
   * read-only reaches the mounts below: from API 1.44 on it does.
   */
  private Bind relabelledBind(Mount wish) {
    if (wish.getRecursiveReadOnly()) {
      throw CriException.unimplemented(
          "%s: Docker cannot both relabel a mount and force it to be read-only recursively"
              .formatted(name(wish)));
    }
    String source = source(wish);
    if (source.contains(":") || wish.getContainerPath().contains(":")) {
      throw CriException.unimplemented(
          "%s: Docker cannot relabel a path with a colon".formatted(name(wish)));
    }
    return new Bind(
        source,
        new Volume(wish.getContainerPath()),
        wish.getReadonly() ? AccessMode.ro : AccessMode.rw,
        SELContext.single,
        null,
        switch (wish.getPropagation()) {
          case PROPAGATION_HOST_TO_CONTAINER -> PropagationMode.RSLAVE;
          case PROPAGATION_BIDIRECTIONAL -> PropagationMode.RSHARED;
          default -> PropagationMode.DEFAULT_MODE;
        });
  }

  private ImageVolume volume(Mount wish) {
    String image = wish.getImage().getImage();
    return new ImageVolume(
        wish.getContainerPath(), images.id(image, name(wish)), image, wish.getImageSubPath());
  }

  private static com.github.dockerjava.api.model.Mount image(ImageVolume volume) {
    com.github.dockerjava.api.model.Mount mount =
        new com.github.dockerjava.api.model.Mount()
            .withType(MountType.IMAGE)
            .withSource(volume.imageId())
            .withTarget(volume.containerPath())
            .withReadOnly(true);
    if (!volume.subPath().isEmpty()) {
      mount.withImageOptions(new ImageOptions().withSubpath(volume.subPath()));
    }
    return mount;
  }

  private com.github.dockerjava.api.model.Mount folder(ImageVolume volume) {
    Path path =
        images.find(
            volume.imageId(), volume.image(), volume.subPath(), name(volume.containerPath()));
    return new com.github.dockerjava.api.model.Mount()
        .withType(MountType.BIND)
        .withSource(path.toString())
        .withTarget(volume.containerPath())
        .withReadOnly(true);
  }

  private static String source(Mount wish) {
    try {
      Path path = Path.of(wish.getHostPath());
      if (!path.isAbsolute()) {
        throw CriException.invalid(
            "%s: host_path \"%s\" is not an absolute path"
                .formatted(name(wish), wish.getHostPath()));
      }
      if (Files.isSymbolicLink(path)) {
        return path.toRealPath().toString();
      }
      if (Files.notExists(path)) {
        Files.createDirectories(path);
      }
      return path.toString();
    } catch (InvalidPathException e) {
      throw new CriException(
          CriException.Code.INVALID_ARGUMENT,
          "%s: host_path is no path: %s".formatted(name(wish), e.getMessage()),
          e);
    } catch (IOException e) {
      throw new CriException(
          CriException.Code.FAILED_PRECONDITION,
          "%s: host_path %s is missing and cannot be made: %s"
              .formatted(name(wish), wish.getHostPath(), e),
          e);
    }
  }

  private static String name(Mount wish) {
    return name(wish.getContainerPath());
  }

  private static String name(String containerPath) {
    return "mount \"" + containerPath + "\"";
  }
}
