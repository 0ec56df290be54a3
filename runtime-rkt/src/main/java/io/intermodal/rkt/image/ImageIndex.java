package io.intermodal.rkt.image;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.intermodal.cri.v1.Image;
import io.intermodal.cri.v1.Int64Value;
import io.intermodal.rkt.answer.ImageAnswer;
import io.intermodal.rkt.answer.Json;
import io.intermodal.rkt.command.Rkt;
import io.intermodal.rkt.image.aci.AciManifest;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.contract.ImageReference;
import io.intermodal.runtime.node.StateDirectory;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The images in rkt's store, in memory: listed anew now and then and after every operation of our
 * own. The manifest of each is read once. Those that run pods are not shown.
 */
public final class ImageIndex {
  private final Rkt rkt;
  private final String sandboxImage;
  private final ImageNames names;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile Map<String, KnownImage> byId = Map.of();

  /**
   * An empty index.
   *
   * @param sandboxImage the reference of the image that is shown as pinned
   * @param state where the names of images are kept
   */
  public ImageIndex(Rkt rkt, String sandboxImage, StateDirectory state) {
    this.rkt = rkt;
    this.sandboxImage = ImageReference.parse(sandboxImage).familiar();
    this.names = ImageNames.load(state);
  }

  /** All images. */
  public Collection<Image> images() {
    return byId.values().stream().map(KnownImage::image).toList();
  }

  /**
   * Finds an image by id (with or without {@code sha256:}, or the only one that begins so), by tag
   * or by digest.
   *
   * @throws CriException INVALID_ARGUMENT for what is neither an id nor a reference, or is the
   *     beginning of several ids
   */
  public Optional<KnownImage> find(String idOrReference) {
    Map<String, KnownImage> now = byId;
    if (now.containsKey(idOrReference)) {
      return Optional.of(now.get(idOrReference));
    }
    if (ImageReference.looksLikeId(idOrReference)) {
      Optional<KnownImage> byPrefix = findById(now, idOrReference);
      if (byPrefix.isPresent() || ImageReference.isWholeId(idOrReference)) {
        return byPrefix;
      }
    }
    String name = ImageReference.parse(idOrReference).familiar();
    return now.values().stream()
        .filter(image ->
            image.image().getRepoTagsList().contains(name)
                || image.image().getRepoDigestsList().contains(name))
        .findFirst();
  }

  private static Optional<KnownImage> findById(Map<String, KnownImage> images, String text) {
    String prefix = text.startsWith("sha256:") ? text : "sha256:" + text;
    List<KnownImage> matches =
        images.values().stream().filter(i -> i.id().startsWith(prefix)).limit(2).toList();
    if (matches.size() > 1) {
      throw CriException.invalid("image %s: several ids begin so; give more of it".formatted(text));
    }
    return matches.stream().findFirst();
  }

  /** Reads rkt's images anew; returns when what was there at the time of the call is in. */
  public void refresh() {
    reading.lock();
    try {
      Map<String, KnownImage> before = new HashMap<>();
      byId.values().forEach(image -> before.put(image.rktId(), image));
      Map<String, KnownImage> found = new HashMap<>();
      for (ImageAnswer answer : rkt.images()) {
        if (!answer.isStage1()) {
          KnownImage known = before.get(answer.id());
          KnownImage image = known != null ? known : read(answer);
          found.put(image.id(), image.with(named(image.image(), answer)));
        }
      }
      byId = Map.copyOf(found);
    } finally {
      reading.unlock();
    }
  }

  private KnownImage read(ImageAnswer answer) {
    JsonObject manifest = rkt.imageManifest(answer.id());
    Map<String, String> annotations = Json.named(manifest, "annotations");
    JsonObject app = Json.object(manifest, "app");
    String id = annotations.getOrDefault(AciManifest.IMAGE_ID, answer.id());
    String user = annotations.getOrDefault(AciManifest.USER, Json.string(app, "user"));
    return new KnownImage(
        withUser(Image.newBuilder().setId(id), user).build(),
        answer.id(),
        words(annotations, AciManifest.ENTRYPOINT),
        words(annotations, AciManifest.COMMAND),
        user,
        Json.string(app, "workingDirectory"),
        annotations.getOrDefault(AciManifest.STOP_SIGNAL, ""),
        annotations.getOrDefault(AciManifest.PASSWD, ""),
        annotations.getOrDefault(AciManifest.GROUP, ""));
  }

  private static List<String> words(Map<String, String> annotations, String key) {
    String text = annotations.getOrDefault(key, "");
    return !text.isEmpty() && Json.parse(text) instanceof JsonArray array
        ? Json.strings(array)
        : List.of();
  }

  /** The image's USER is a uid or a name, each with or without a group. */
  private static Image.Builder withUser(Image.Builder image, String user) {
    String name = user.split(":", 2)[0];
    if (name.isEmpty()) {
      return image;
    }
    if (name.chars().allMatch(Character::isDigit) && name.length() < 19) {
      return image.setUid(Int64Value.newBuilder().setValue(Long.parseLong(name)));
    }
    return image.setUsername(name);
  }

  private Image named(Image image, ImageAnswer answer) {
    Set<String> all = names.of(image.getId());
    List<String> tags = all.stream().filter(name -> name.indexOf('@') < 0).toList();
    return image.toBuilder()
        .clearRepoTags()
        .clearRepoDigests()
        .addAllRepoTags(tags)
        .addAllRepoDigests(all.stream().filter(name -> name.indexOf('@') >= 0).toList())
        .setSize(answer.size())
        .setPinned(tags.contains(sandboxImage))
        .build();
  }

  /**
   * Gives an image names, taking them from every other.
   *
   * @throws IOException when they cannot be kept
   */
  void name(String imageId, Set<String> given) throws IOException {
    names.give(imageId, given);
  }

  /** Forgets the names of an image that is removed. */
  void forget(String imageId) {
    names.forget(imageId);
  }
}
