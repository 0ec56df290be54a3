package io.intermodal.docker.volume;

import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import io.intermodal.docker.api.DockerApi;
import io.intermodal.docker.api.DockerErrors;
import io.intermodal.docker.image.ImageIndex;
import io.intermodal.docker.spec.labels.ImageVolume;
import io.intermodal.docker.spec.labels.LabelKeys;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.node.MergedFolders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Images whose files are shown on this host for containers to mount: each once, from before the
 * first container that mounts it is made until the last one is removed.
 *
 * <p>An end at any instant leaves an image kept or shown that nobody uses, and never the reverse:
 * {@link #settle} finds it at the next start.
 */
public final class ImageVolumes {
  private static final Logger log = LoggerFactory.getLogger(ImageVolumes.class);

  // What image ids begin with; the rest can name folders and containers.
  private static final String ALGORITHM = "sha256:";

  private final DockerApi docker;
  private final ImageIndex images;
  private final MergedFolders folders;
  private final KeptImages kept;
  private final ReentrantLock changing = new ReentrantLock();
  // Shown by this process, so that the engine need not be asked for each further container.
  private final Map<String, Path> shown = new HashMap<>();
  // For containers that are being made: the engine does not tell of these yet.
  private final Map<String, Integer> lent = new HashMap<>();

  public ImageVolumes(DockerApi docker, ImageIndex images, MergedFolders folders) {
    this.docker = docker;
    this.images = images;
    this.folders = folders;
    this.kept = new KeptImages(docker);
  }

  /** Begins the making of one container. */
  public VolumeLoan lend() {
    return new VolumeLoan(this, images);
  }

  /**
   * Shows the image's files and holds them for a container that is being made, until {@link
   * #giveBack}.
   */
  Path show(String imageId, String object) {
    changing.lock();
    try {
      var _ = lent.merge(imageId, 1, Integer::sum);
      Path known = shown.get(imageId);
      return known == null ? keepAndShow(imageId, object) : known;
    } catch (NotFoundException e) {
      throw CriException.notFound("%s: image %s was removed just now".formatted(object, imageId));
    } catch (RuntimeException e) {
      throw DockerErrors.of(object, e);
    } finally {
      changing.unlock();
    }
  }

  private Path keepAndShow(String imageId, String object) {
    try {
      kept.keep(imageId);
      ImageLayers layers = ImageLayers.of(docker.client().inspectImageCmd(imageId).exec(), object);
      refuseOtherMountNamespace(object);
      Path folder = folders.show(folderName(imageId), layers.base(), layers.names());
      shown.put(imageId, folder);
      return folder;
    } catch (IOException e) {
      throw new CriException(
          Code.FAILED_PRECONDITION,
          "%s: the layers of image %s cannot be shown on this host: %s"
              .formatted(object, imageId, e.getMessage()),
          e);
    }
  }

  /** What is mounted here would be an empty folder there. */
  private void refuseOtherMountNamespace(String object) throws IOException {
    int dockerd = docker.peer().pid();
    if (dockerd == 0 || !folders.areSeenBy(dockerd)) {
      throw CriException.unimplemented(
          "%s: dockerd sees other mounts than this server, so an image cannot be shown to it; run both in one mount namespace, or Docker 28 or newer"
              .formatted(object));
    }
  }

  /**
   * Ends the making of a container.
   *
   * @param made whether it exists: then its labels say what it uses
   */
  void giveBack(List<String> imageIds, boolean made) {
    changing.lock();
    try {
      for (String id : imageIds) {
        lent.computeIfPresent(id, (_, count) -> count == 1 ? null : count - 1);
      }
    } finally {
      changing.unlock();
    }
    if (!made && !imageIds.isEmpty()) {
      release();
    }
  }

  /** Lets go of what no container uses any more. Trouble is left to the next time, and logged. */
  public void release() {
    changing.lock();
    try {
      Set<String> unused = new HashSet<>(folderIds());
      if (!unused.isEmpty()) {
        unused.removeAll(used());
        letGo(unused);
      }
    } catch (IOException | RuntimeException e) {
      log.warn("image volumes that nobody uses are kept until later: {}", e.toString());
    } finally {
      changing.unlock();
    }
  }

  /**
   * Makes true again what the engine's containers say: what they use is kept and shown, and nothing
   * else is. Trouble is left to the next time, and logged.
   */
  public void settle() {
    changing.lock();
    try {
      Set<String> used = used();
      used.forEach(this::restore);
      Set<String> unused = new HashSet<>(folderIds());
      unused.addAll(kept.all());
      unused.removeAll(used);
      letGo(unused);
    } catch (IOException | RuntimeException e) {
      log.warn("image volumes could not be put in order, which is left to later: {}", e.toString());
    } finally {
      changing.unlock();
    }
  }

  private void letGo(Set<String> imageIds) throws IOException {
    for (String id : imageIds) {
      shown.remove(id);
      folders.hide(folderName(id));
      kept.letGo(id);
    }
  }

  /** After a restart of the host the mount is gone, after a prune from outside the keeper. */
  private void restore(String imageId) {
    try {
      var _ = keepAndShow(imageId, "image volume");
    } catch (RuntimeException e) {
      log.warn(
          "image {} is a volume of a container but cannot be shown: {}", imageId, e.toString());
    }
  }

  private Set<String> used() {
    List<Container> users =
        docker
            .client()
            .listContainersCmd()
            .withShowAll(true)
            .withLabelFilter(List.of(LabelKeys.VOLUME_IMAGES))
            .exec();
    Set<String> ids = new HashSet<>(lent.keySet());
    users.forEach(user -> ids.addAll(ImageVolume.images(user.getLabels())));
    return ids;
  }

  private Set<String> folderIds() throws IOException {
    return folders.names().stream().map(name -> ALGORITHM + name).collect(Collectors.toSet());
  }

  static String folderName(String imageId) {
    return imageId.substring(ALGORITHM.length());
  }
}
