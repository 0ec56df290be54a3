package io.intermodal.docker.image;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import io.intermodal.cri.v1.Image;
import io.intermodal.cri.v1.RemoveImageRequest;
import io.intermodal.cri.v1.RemoveImageResponse;
import io.intermodal.docker.api.DockerErrors;
import io.intermodal.docker.index.Container;
import io.intermodal.docker.index.Index;
import io.intermodal.runtime.CriException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * RemoveImage: removes the image with all its names, whichever of them the request gives. An
 * unknown image is a success.
 */
public final class RemoveImage {
  private final Supplier<DockerClient> docker;
  private final ImageIndex images;
  private final Index index;

  public RemoveImage(Supplier<DockerClient> docker, ImageIndex images, Index index) {
    this.docker = docker;
    this.images = images;
    this.index = index;
  }

  public RemoveImageResponse remove(RemoveImageRequest request) {
    String wanted = request.getImage().getImage();
    if (wanted.isEmpty()) {
      throw CriException.invalid("image: no reference given (expected: a name or an id)");
    }
    Optional<Image> image = images.find(wanted);
    if (image.isPresent()) {
      refuseIfUsed(wanted, image.get());
      remove(wanted, image.get());
      images.refresh();
    }
    return RemoveImageResponse.getDefaultInstance();
  }

  /** Asked first, so that a refusal leaves the image with all its names. */
  private void refuseIfUsed(String wanted, Image image) {
    for (Container container : index.containers()) {
      if (container.status().getImageId().equals(image.getId()) || mounts(container, image)) {
        throw CriException.failedPrecondition(
            "image %s is used by container %s: remove the container first"
                .formatted(wanted, container.id()));
      }
    }
  }

  private static boolean mounts(Container container, Image image) {
    return container.status().getMountsList().stream()
        .anyMatch(mount -> mount.getImage().getImageRef().equals(image.getId()));
  }

  /**
   * Removing by id fails when the image has names in several repositories, and forcing it would
   * also remove an image that a running container uses: so the names go first, one by one, and with
   * the last of them the image. A container of somebody else's that uses it makes Docker refuse.
   */
  private void remove(String wanted, Image image) {
    List<String> names = new ArrayList<>(image.getRepoTagsList());
    names.addAll(image.getRepoDigestsList());
    names.add(image.getId());
    for (String name : names) {
      try {
        docker.get().removeImageCmd(name).exec();
      } catch (NotFoundException e) {
        // The goal: a digest goes with its repository's last tag, the image with its last name.
      } catch (ConflictException e) {
        throw CriException.failedPrecondition(
            "image %s is in use: %s; remove the container first"
                .formatted(wanted, DockerErrors.message(e)));
      } catch (RuntimeException e) {
        throw DockerErrors.of("image " + wanted, e);
      }
    }
  }
}
