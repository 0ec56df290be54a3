package io.intermodal.rkt.image;

import io.intermodal.runtime.node.StateDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The names of images: tags, which may move from one to another, and digests. One file each. */
final class ImageNames {
  private static final Logger log = LoggerFactory.getLogger(ImageNames.class);

  private final StateDirectory files;
  private final ConcurrentMap<String, Set<String>> byId = new ConcurrentHashMap<>();

  private ImageNames(StateDirectory files) {
    this.files = files;
  }

  static ImageNames load(StateDirectory files) {
    ImageNames names = new ImageNames(files);
    try {
      for (String file : files.names()) {
        Optional<byte[]> content = files.read(file);
        content.ifPresent(bytes ->
            names.byId.put(
                file.replace('_', ':'),
                new TreeSet<>(new String(bytes, StandardCharsets.UTF_8).lines().toList())));
      }
    } catch (IOException e) {
      log.warn("the names of images cannot be read", e);
    }
    return names;
  }

  /** The names of an image, sorted; those with an at sign are digests. */
  Set<String> of(String imageId) {
    return byId.getOrDefault(imageId, Set.of());
  }

  /**
   * Gives names to an image and takes them from every other.
   *
   * @throws IOException when they cannot be written
   */
  synchronized void give(String imageId, Set<String> names) throws IOException {
    Map<String, Set<String>> changed = new HashMap<>();
    byId.forEach((id, known) -> {
      Set<String> left = new TreeSet<>(known);
      if (!id.equals(imageId) && left.removeAll(names)) {
        changed.put(id, left);
      }
    });
    Set<String> all = new TreeSet<>(of(imageId));
    if (all.addAll(names)) {
      changed.put(imageId, all);
    }
    for (Map.Entry<String, Set<String>> change : changed.entrySet()) {
      files.write(
          fileName(change.getKey()),
          String.join("\n", change.getValue()).getBytes(StandardCharsets.UTF_8));
      byId.put(change.getKey(), change.getValue());
    }
  }

  /** Forgets an image that is removed. */
  synchronized void forget(String imageId) {
    if (byId.remove(imageId) != null) {
      try {
        files.delete(fileName(imageId));
      } catch (IOException e) {
        log.warn("the names of image {} stay behind", imageId, e);
      }
    }
  }

  private static String fileName(String imageId) {
    return imageId.replace(':', '_');
  }
}
