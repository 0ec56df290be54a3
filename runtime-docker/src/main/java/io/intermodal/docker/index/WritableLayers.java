package io.intermodal.docker.index;

import io.intermodal.docker.api.EngineFacts;
import io.intermodal.runtime.node.statistics.FolderSizes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the files lie that containers wrote over their images.
 *
 * <p>An inspection would tell it as well, but a container that we made is not inspected while it
 * runs. Docker notes the folder's name under its root, in {@code
 * image/overlay2/layerdb/mounts/ID/mount-id}, from the container's creation to its removal.
 */
public final class WritableLayers {
  private static final Logger log = LoggerFactory.getLogger(WritableLayers.class);
  private static final String OVERLAY2 = "overlay2";

  private final EngineState engine;
  private final FolderSizes sizes;
  private final ConcurrentMap<String, Path> known = new ConcurrentHashMap<>();

  public WritableLayers(EngineState engine, FolderSizes sizes) {
    this.engine = engine;
    this.sizes = sizes;
  }

  /**
   * Where Docker keeps layers.
   *
   * @return empty when its storage driver does not keep each in a folder of its own
   */
  public static Optional<Path> folderOfAll(EngineFacts facts) {
    return facts.storageDriver().equals(OVERLAY2)
        ? Optional.of(facts.rootDir().resolve(OVERLAY2))
        : Optional.empty();
  }

  /** The folder of a container or sandbox; empty when it has none or is gone. */
  public Optional<Path> of(String id) {
    Path folder = known.get(id);
    if (folder != null) {
      return Optional.of(folder);
    }
    Optional<Path> found = folderOfAll(engine.facts()).flatMap(all -> find(all, id));
    found.ifPresent(path -> known.put(id, path));
    return found;
  }

  /** What the folder holds, as far as it has been looked. */
  public Optional<FolderSizes.FolderUse> useOf(String id) {
    return of(id).flatMap(sizes::of);
  }

  /** What the folders of all these hold together, as far as it has been looked. */
  public Use useOf(Collection<String> ids) {
    Use sum = new Use(0, 0);
    for (String id : ids) {
      sum = useOf(id).map(sum::and).orElse(sum);
    }
    return sum;
  }

  /** Has the folder looked at, so that there is an answer soon. */
  void measure(String id) {
    var _ = useOf(id);
  }

  void forget(String id) {
    Path folder = known.remove(id);
    if (folder != null) {
      sizes.forget(folder);
    }
  }

  /** What several folders hold together. */
  public record Use(long bytes, long inodes) {
    public Use and(FolderSizes.FolderUse one) {
      return new Use(bytes + one.bytes(), inodes + one.inodes());
    }
  }

  private Optional<Path> find(Path all, String id) {
    Path note =
        engine
            .facts()
            .rootDir()
            .resolve(Path.of("image", OVERLAY2, "layerdb", "mounts", id))
            .resolve("mount-id");
    try {
      String name = Files.readString(note, StandardCharsets.US_ASCII).strip();
      return Optional.of(all.resolve(name).resolve("diff"));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      log.warn("container {}: where it writes cannot be read: {}", id, e.toString());
      return Optional.empty();
    }
  }
}
