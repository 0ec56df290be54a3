package io.intermodal.docker.volume;

import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.HostConfig;
import io.intermodal.docker.api.DockerApi;
import io.intermodal.docker.spec.labels.LabelKeys;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Keeps images from being removed, with a container of each that is never started: Docker does not
 * remove such an image, and forced to it still keeps the layers that the container is made of.
 */
final class KeptImages {
  private static final String NAME = "intermodal-keeps-";

  private final DockerApi docker;

  KeptImages(DockerApi docker) {
    this.docker = docker;
  }

  /** Keeps it; nothing happens when it is kept already. */
  void keep(String imageId) {
    try {
      var _ =
          docker
              .client()
              .createContainerCmd(imageId)
              .withName(name(imageId))
              // Docker wants a command, and an image of files alone has none.
              .withCmd("never-started")
              .withLabels(Map.of(LabelKeys.KEPT_IMAGE, imageId))
              .withHostConfig(HostConfig.newHostConfig().withNetworkMode("none"))
              .exec();
    } catch (ConflictException e) {
      // The name is taken: it is kept.
    }
  }

  /** Lets it go; nothing happens when it is not kept. */
  void letGo(String imageId) {
    try {
      docker
          .client()
          .removeContainerCmd(name(imageId))
          .withForce(true)
          .withRemoveVolumes(true)
          .exec();
    } catch (NotFoundException e) {
      // It is gone: what was asked for.
    }
  }

  /** The ids of all images that are kept. */
  Set<String> all() {
    List<Container> keepers =
        docker
            .client()
            .listContainersCmd()
            .withShowAll(true)
            .withLabelFilter(List.of(LabelKeys.KEPT_IMAGE))
            .exec();
    return keepers.stream()
        .map(keeper -> keeper.getLabels().get(LabelKeys.KEPT_IMAGE))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static String name(String imageId) {
    return NAME + ImageVolumes.folderName(imageId);
  }
}
