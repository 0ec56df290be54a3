package io.intermodal.rkt.sandbox;

import io.intermodal.rkt.pod.AppService;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.node.NodeServices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a pod has before rkt gives it an id, under a name of ours: a network namespace, unless it
 * uses the host's, and a folder for the raw output of its apps.
 */
public final class Place {
  private static final Logger log = LoggerFactory.getLogger(Place.class);

  private static final String FOLDERS = "pods";

  private final NodeServices node;
  private final String name;

  private Place(NodeServices node, String name) {
    this.node = node;
    this.name = name;
  }

  /** A place that exists, or once did. */
  public static Place named(NodeServices node, String name) {
    return new Place(node, name);
  }

  /**
   * Makes a new one.
   *
   * @param network whether with a network namespace
   * @throws CriException RESOURCE_EXHAUSTED when the host does not let it be made
   */
  static Place make(NodeServices node, boolean network) {
    Place place = new Place(node, UUID.randomUUID().toString().replace("-", "").substring(0, 16));
    try {
      Files.createDirectories(place.logs());
      if (network) {
        var _ = node.networkNamespaces().make(place.name);
      }
      return place;
    } catch (IOException e) {
      place.remove();
      throw new CriException(
          Code.RESOURCE_EXHAUSTED, "a pod's place on this node cannot be made: " + e, e);
    }
  }

  /** Gives back the places of pods that are gone, which an end of ours left behind. */
  public static void sweep(NodeServices node, Set<String> living) {
    Set<String> names = new TreeSet<>();
    try {
      names.addAll(node.networkNamespaces().names());
      Path all = node.workFolder().resolve(FOLDERS);
      if (Files.isDirectory(all)) {
        try (Stream<Path> folders = Files.list(all)) {
          folders.forEach(folder -> names.add(folder.getFileName().toString()));
        }
      }
    } catch (IOException e) {
      log.warn("places of pods that are gone cannot be looked for: {}", e.toString());
    }
    names.removeAll(living);
    names.forEach(name -> new Place(node, name).remove());
  }

  String name() {
    return name;
  }

  /** The pod's network namespace. */
  Path networkNamespace() {
    return node.networkNamespaces().path(name);
  }

  /** The folder that the pod sees too, for what its apps say. */
  public Path logs() {
    return folder().resolve("logs");
  }

  /** The file with what an app says. */
  public Path log(String app) {
    return logs().resolve(AppService.recordsOf(app));
  }

  Path folder() {
    return node.workFolder().resolve(FOLDERS).resolve(name);
  }

  /** Gives it back. What cannot be removed now is logged, and does no harm. */
  void remove() {
    try {
      node.networkNamespaces().remove(name);
    } catch (IOException e) {
      log.warn("network namespace {} stays behind: {}", networkNamespace(), e.toString());
    }
    deleteTree(folder());
  }

  private static void deleteTree(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      log.warn("folder {} stays behind: {}", folder, e.toString());
    }
  }

  /** The first lines of what the pod's process said when it did not come up. */
  Optional<String> complaint() {
    try {
      return Files.readAllLines(folder().resolve("errors")).stream()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.contains("group \"rkt\" not found"))
          .reduce((_, last) -> last);
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
