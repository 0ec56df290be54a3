package io.intermodal.docker.image;

import com.github.dockerjava.api.command.InspectImageResponse;
import io.intermodal.docker.index.WritableLayers.Use;
import io.intermodal.runtime.node.statistics.FolderSizes;
import io.intermodal.runtime.node.statistics.FolderSizes.FolderUse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The folders of the images' layers. A layer never changes and many images share it: each is walked
 * once, and counted once.
 */
public final class ImageLayers {
  private final FolderSizes sizes;
  private volatile Set<Path> folders = Set.of();

  public ImageLayers(FolderSizes sizes) {
    this.sizes = sizes;
  }

  /**
   * The folders of one image's layers.
   *
   * @return none for an image without files, and with a storage driver that has no such folders
   */
  public static List<Path> of(InspectImageResponse inspected) {
    // docker-java has no field for these, and keeps the JSON with the outermost object only.
    if (!(inspected.getRawValues().get("GraphDriver") instanceof Map<?, ?> driver)
        || !(driver.get("Data") instanceof Map<?, ?> data)) {
      return List.of();
    }
    List<Path> layers = new ArrayList<>();
    // Docker describes an image as if it were a container: its last layer on top of the others.
    for (String key : List.of("UpperDir", "LowerDir")) {
      if (data.get(key) instanceof String paths) {
        for (String path : paths.split(":", -1)) {
          if (!path.isEmpty()) {
            layers.add(Path.of(path));
          }
        }
      }
    }
    return layers;
  }

  /** These are the layers now; those that are new begin to be walked. */
  void replace(Set<Path> now) {
    Set<Path> gone = new HashSet<>(folders);
    gone.removeAll(now);
    folders = Set.copyOf(now);
    gone.forEach(sizes::forget);
    use();
  }

  /** What all layers hold together; empty while one of them has not been walked to its end. */
  public Optional<Use> use() {
    Use sum = new Use(0, 0);
    boolean complete = true;
    for (Path folder : folders) {
      Optional<FolderUse> use = sizes.ofUnchanging(folder);
      complete &= use.isPresent();
      sum = use.map(sum::and).orElse(sum);
    }
    return complete ? Optional.of(sum) : Optional.empty();
  }
}
