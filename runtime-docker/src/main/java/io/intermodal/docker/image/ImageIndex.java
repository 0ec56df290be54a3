package io.intermodal.docker.image;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import io.intermodal.cri.v1.Image;
import io.intermodal.cri.v1.Int64Value;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.contract.ImageReference;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The images on the engine, in memory: read whole at every connection, after every image event and
 * after every operation of our own.
 */
public final class ImageIndex {
  private static final String NONE = "<none>";

  private final Supplier<DockerClient> docker;
  private final String sandboxImage;
  private final ImageLayers layers;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile Content content = new Content(Map.of(), Map.of(), Map.of());

  /**
   * An empty index.
   *
   * @param sandboxImage the reference of the image that is shown as pinned
   * @param layers is told which layers there are
   */
  public ImageIndex(Supplier<DockerClient> docker, String sandboxImage, ImageLayers layers) {
    this.docker = docker;
    this.sandboxImage = ImageReference.parse(sandboxImage).familiar();
    this.layers = layers;
  }

  /** All images that have a name, or that something may still refer to by id. */
  public Collection<Image> images() {
    return content.byId.values();
  }

  /**
   * Finds an image by id (with or without {@code sha256:}, or the only one that begins so), by tag
   * or by digest.
   *
   * @throws CriException INVALID_ARGUMENT for what is neither an id nor a reference, or is the
   *     beginning of several ids
   */
  public Optional<Image> find(String idOrReference) {
    Content now = content;
    if (ImageReference.looksLikeId(idOrReference)) {
      Optional<Image> byId = now.findById(idOrReference);
      if (byId.isPresent() || ImageReference.isWholeId(idOrReference)) {
        return byId;
      }
    }
    ImageReference reference = ImageReference.parse(idOrReference);
    return Optional.ofNullable(now.idByName.get(reference.familiar())).map(now.byId::get);
  }

  /** Reads the engine's images anew; returns when what was there at the time of the call is in. */
  public void refresh() {
    reading.lock();
    try {
      Map<String, Image> byId = new HashMap<>();
      Map<String, List<Path>> folders = new HashMap<>();
      for (var listed : docker.get().listImagesCmd().exec()) {
        read(listed)
            .ifPresent(read -> {
              byId.put(listed.getId(), named(read.image().toBuilder(), listed));
              folders.put(listed.getId(), read.layers());
            });
      }
      content = Content.of(byId, folders);
      Set<Path> all = new HashSet<>();
      folders.values().forEach(all::addAll);
      layers.replace(all);
    } finally {
      reading.unlock();
    }
  }

  /** What belongs to the image for as long as it lives. */
  private record Read(Image image, List<Path> layers) {}

  /** An image is inspected once in its life. */
  private Optional<Read> read(com.github.dockerjava.api.model.Image listed) {
    Image known = content.byId.get(listed.getId());
    if (known != null) {
      return Optional.of(
          new Read(known, content.layersById.getOrDefault(known.getId(), List.of())));
    }
    try {
      InspectImageResponse inspected = docker.get().inspectImageCmd(listed.getId()).exec();
      return Optional.of(new Read(withUser(inspected).build(), ImageLayers.of(inspected)));
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  private Image named(Image.Builder image, com.github.dockerjava.api.model.Image listed) {
    List<String> tags = names(listed.getRepoTags());
    return image
        .clearRepoTags()
        .clearRepoDigests()
        .setId(listed.getId())
        .addAllRepoTags(tags)
        .addAllRepoDigests(names(listed.getRepoDigests()))
        .setSize(listed.getSize() == null ? 0 : listed.getSize())
        .setPinned(tags.contains(sandboxImage))
        .build();
  }

  private static List<String> names(String @Nullable [] names) {
    return names == null
        ? List.of()
        : Arrays.stream(names).filter(name -> !name.contains(NONE)).sorted().toList();
  }

  /** The image's USER is a uid or a name, each with or without a group. */
  private static Image.Builder withUser(InspectImageResponse inspected) {
    Image.Builder image = Image.newBuilder();
    var config = inspected.getConfig();
    String user = config == null || config.getUser() == null ? "" : config.getUser();
    String name = user.split(":", 2)[0];
    if (name.isEmpty()) {
      return image;
    }
    if (name.chars().allMatch(Character::isDigit) && name.length() < 19) {
      return image.setUid(Int64Value.newBuilder().setValue(Long.parseLong(name)));
    }
    return image.setUsername(name);
  }

  private record Content(
      Map<String, Image> byId, Map<String, String> idByName, Map<String, List<Path>> layersById) {

    static Content of(Map<String, Image> byId, Map<String, List<Path>> layersById) {
      Map<String, String> idByName = new HashMap<>();
      byId.forEach((id, image) -> {
        image.getRepoTagsList().forEach(name -> idByName.put(name, id));
        image.getRepoDigestsList().forEach(name -> idByName.put(name, id));
      });
      return new Content(Map.copyOf(byId), Map.copyOf(idByName), Map.copyOf(layersById));
    }

    Optional<Image> findById(String text) {
      String prefix = text.startsWith("sha256:") ? text : "sha256:" + text;
      Image exact = byId.get(prefix);
      if (exact != null) {
        return Optional.of(exact);
      }
      List<Image> matches =
          byId.values().stream().filter(i -> i.getId().startsWith(prefix)).limit(2).toList();
      if (matches.size() > 1) {
        throw CriException.invalid(
            "image %s: several ids begin so; give more of it".formatted(text));
      }
      return matches.stream().findFirst();
    }
  }
}
